"""Somebody locks a table, or is suspended within a transaction: pages report it soon, and nothing happens twice."""

import os
import signal
import time

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.durability.porting_requests import assert_once, carry_out, is_done, submit
from tests.durability.stack import until
from tests.durability.test_submitting import SocketConnection, assert_one_whole_ticket, send  # noqa: F401
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_connection():
    """A separate connection, like an operator's psql."""
    with psycopg.connect(**connection.get_connection_params()) as beside:
        yield beside
        beside.rollback()


def health(stack):
    asked = SocketConnection("localhost")
    asked.host_socket = str(stack.web_socket)
    asked.request("GET", "/api/v1/health/")
    return asked.getresponse().read().decode()


@pytest.mark.thorough
def test_page_gives_up_on_a_locked_table_and_takes_the_form_once_free(stack, send, other_connection):  # noqa: F811
    other_connection.execute("LOCK TABLE tickets_ticket")
    begun = time.monotonic()
    assert send()[0] == 503
    assert time.monotonic() - begun < settings.LISTING_SECONDS * 0.75, "before the limit of a statement, which waiting also counts for"
    assert '"database":"ok"' in health(stack)
    other_connection.rollback()
    assert send()[0] == 302
    assert_one_whole_ticket()


@pytest.mark.thorough
def test_suspended_worker_holds_no_locks_and_repeats_nothing_on_resuming(stack, cast, now):
    ticket, told = submit(cast, now), stack.faults / "stopped"
    stack.set_trap("inside_apply", ticket.pk, "stand still")
    carry_out(cast, now, ticket)
    process, limit = until(lambda: told.exists() and told.read_text(), "the worker that stands still").split()
    try:
        until(lambda: is_done(ticket), "the execution by another one")
    finally:
        os.kill(int(process), signal.SIGCONT)
    until(lambda: "idle-in-transaction timeout" in (stack.folder / "worker.log").read_text(), "the end of the one that stood still")
    assert_once(ticket)
    assert (limit, Ticket.objects.get(pk=ticket.pk).execution_attempts) == ("75s", 2)
