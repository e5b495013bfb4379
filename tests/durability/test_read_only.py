"""The database is read-only for a while, like a standby after a failover: nothing is lost, and everything resumes by itself."""

import pytest
from django.db import connection

from tests.durability.porting_requests import assert_once, carry_out, is_done, submit
from tests.durability.stack import until
from tests.durability.test_submitting import assert_one_whole_ticket, send  # noqa: F401
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


@pytest.fixture
def standby():
    """standby(True) disconnects all others; new connections find a read-only database. Our own connection is kept."""
    yield set_read_only
    set_read_only(False)
    disconnect_others()  # a client that has only read has noticed nothing, and keeps its connection


def set_read_only(is_on):
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} {'SET default_transaction_read_only = on' if is_on else 'RESET ALL'}")
    if is_on:
        disconnect_others()


def disconnect_others():
    with connection.cursor() as cursor:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608


def test_form_is_accepted_as_soon_as_changes_are(send, standby):  # noqa: F811
    standby(True)
    assert send()[0] == 503
    standby(False)
    assert send()[0] == 302, "the connection to the one that takes no changes is not kept"
    disconnect_others()
    assert send()[0] == 302, "a kept connection that is gone is noticed before it is used"
    assert_one_whole_ticket()


def test_requested_execution_waits_until_changes_are_accepted(stack, cast, now, standby):
    standby(True)
    ticket = submit(cast, now)
    carry_out(cast, now, ticket)
    until(lambda: "read-only transaction" in (stack.folder / "worker.log").read_text(), "a worker that was refused")
    standby(False)
    until(lambda: is_done(ticket), "the execution")
    assert_once(ticket)
    assert Ticket.objects.get(pk=ticket.pk).execution_attempts == 1
