"""Behind a pooler that gives each transaction another connection (docs/decisions/0399)."""

import csv
import io

import pytest
from django.core.checks import run_checks
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from config.database import database
from engine.pooler import advisory_lock, is_pooled
from estate import runs
from estate.models import ImportRun
from tests.cast import make_did
from tests.desk.figures import locked_tables, make
from tests.pooled.pooler import Pooler

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pooler():
    told = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    address = {name: told[key] for name, key in names.items() if told[key]}
    pooler = Pooler({"host": told["OPTIONS"].get("host")} | address)
    yield pooler
    pooler.close()


@pytest.fixture
def connect_through(pooler):
    """connect_through(words) takes the options of the database URL, and routes all of this test's queries through the pooler."""
    before = connections["default"]

    def lead(words):
        address = {"HOST": "127.0.0.1", "PORT": pooler.port, "OPTIONS": words, "TIME_ZONE": None}
        connections["default"] = before.__class__(before.settings_dict | database(before.settings_dict | address), "default")

    yield lead
    connection.close()
    connections["default"] = before


@pytest.mark.thorough
def test_exports_are_complete_and_session_limits_do_not_leak(cast, now, connect_through):
    tickets = [make(cast, now, subject=f"Number {n}") for n in range(30)]
    for n in range(300):
        make_did(f"+4989822{n:05}", cast.pbx)
    connect_through({"prepare_threshold": 0})
    agent, partner = _signed_in(cast.agent), _signed_in(cast.nora)
    assert _rows(agent.get("/desk/tickets.csv?view=all")) == len(tickets)
    assert _rows(partner.get("/portal/numbers.csv")) >= 300
    assert agent.get("/desk/?q=Number").status_code == 200 == agent.get("/desk/reports/").status_code
    for _each in range(3):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('plan_cache_mode')")
            assert cursor.fetchone() == ("0", "auto")


def test_slow_query_is_stopped_with_422(cast, now, connect_through, settings):
    make(cast, now)
    connect_through({"prepare_threshold": 0})
    client, settings.LISTING_SECONDS = _signed_in(cast.agent), 0.2
    with locked_tables("tickets_event", "tickets_override", "billing_ledgerentry"):
        assert client.get("/desk/reports/").status_code == 422


@pytest.mark.thorough
def test_import_lock_is_held_only_while_working(connect_through):
    run = ImportRun.objects.create(is_rehearsal=True, state=ImportRun.State.RUNNING, asked_at=timezone.now())
    connect_through({"prepare_threshold": 0})
    with advisory_lock(runs.LOCK, run.pk) as mine:
        assert mine
        for _each in range(3):
            with advisory_lock(runs.LOCK, run.pk) as twice:
                assert not twice
            assert not runs.is_dead(run)
    assert runs.is_dead(run)
    with advisory_lock(runs.LOCK, run.pk) as again:
        assert again


def test_undeclared_pooler_is_reported_by_a_system_check(connect_through):
    assert _system_checks() == []
    connect_through({"prepare_threshold": 0})
    assert is_pooled(connection)
    assert _system_checks() == []
    connect_through({})
    assert _system_checks() == ["careline.E001"]


def _rows(answer):
    return len(list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))) - 1


def _system_checks():
    return [one.id for one in run_checks(databases=["default"]) if one.id.startswith("careline")]


def _signed_in(person):
    client = Client()
    client.force_login(person)
    return client
