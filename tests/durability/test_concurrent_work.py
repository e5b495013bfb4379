"""The same thing is requested twice at the same moment: it happens once, and neither request waits for the other in a worker."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from billing.models import LedgerEntry
from billing.services import post
from classound.models import Did
from tests.durability.porting_requests import answers as asked
from tests.durability.porting_requests import assert_once, carry_out, is_done, submit
from tests.durability.stack import until
from tickets.models import Event, Ticket
from tickets.services import execution, outbox, submission
from tickets.services.lifecycle import NotNow, lock
from tickets.types import TYPES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.thorough
def test_message_redelivered_during_its_work_is_ignored(stack, cast, now):
    slow, other = submit(cast, now), submit(cast, now)
    (stack.faults / "hold").touch()
    stack.set_trap("before_apply", slow.pk, "hold")
    carry_out(cast, now, slow)
    until((stack.faults / "holding").exists, "the slow execution")
    for _ in range(5):
        outbox.send_task("tickets.tasks.execute", slow.pk)
        outbox.send_task("tickets.tasks.deliver")
    execution.execute(slow.pk, at=now)  # another worker, on another connection
    carry_out(cast, now, other)
    until(lambda: is_done(other), "an execution beside the slow one")
    (stack.faults / "hold").unlink()
    until(lambda: is_done(slow), "the slow execution")
    assert_once(slow)
    assert Ticket.objects.get(pk=slow.pk).execution_attempts == 1


def test_work_finished_by_a_faster_worker_is_not_repeated(stack, cast, now):
    ticket = submit(cast, now)
    (stack.faults / "hold").touch()
    stack.set_trap("after_count", ticket.pk, "hold")
    carry_out(cast, now, ticket)
    until((stack.faults / "holding").exists, "the slower worker")
    until(lambda: not execution.execute(ticket.pk, at=now) and is_done(ticket), "the quicker one")
    (stack.faults / "hold").unlink()
    until((stack.faults / "ended").exists, "the end of the slower one")
    assert_once(ticket)


def test_execution_yielding_to_a_locked_number_counts_no_attempt(cast, now):
    ticket = submit(cast, now)
    soon = {"execution": "requested", "execution_requested_at": timezone.now() + timedelta(hours=1)}  # no worker is notified
    Ticket.objects.filter(pk=ticket.pk).update(**soon, execution_requested_by=cast.agent)
    with transaction.atomic():  # as an import does
        Did.objects.filter(number=ticket.answers["did"]).update(monthly_price=2)
        with ThreadPoolExecutor(1) as worker:
            worker.submit(on_own_connection, lambda: execution.execute(ticket.pk, at=now)).result()
    assert Ticket.objects.values_list("execution", "execution_attempts").get(pk=ticket.pk) == ("requested", 0)
    execution.execute(ticket.pk, at=now)
    assert_once(ticket)


def test_read_only_database_counts_no_attempt(cast, now, monkeypatch):
    ticket, kind = submit(cast, now), TYPES["porting_date_change"]
    Ticket.objects.filter(pk=ticket.pk).update(execution="requested", execution_requested_at=now, execution_requested_by=cast.agent)

    def refused(*asked, **more):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        return type(kind).apply(kind, *asked, **more)

    with monkeypatch.context() as patch:
        patch.setattr(kind, "apply", refused)
        assert execution.execute(ticket.pk, at=now)
    assert Ticket.objects.values_list("execution", "execution_attempts").get(pk=ticket.pk) == ("requested", 0)
    execution.execute(ticket.pk, at=now)
    assert_once(ticket)


@pytest.mark.thorough
def test_executions_that_yielded_are_retried_soon_without_the_sweep(stack, cast, now):
    """One has to yield because its number is locked, the other because its ticket is."""
    of_number, of_ticket = [submit(cast, now) for _ in range(2)]
    yielding = Ticket.objects.filter(pk__in=[of_number.pk, of_ticket.pk])
    stack.beat.kill()
    yielding.update(execution="requested", execution_requested_at=now, execution_requested_by=cast.agent)
    with transaction.atomic():
        Did.objects.select_for_update().get(number=of_number.answers["did"])
        Ticket.objects.select_for_update().get(pk=of_ticket.pk)
        for pk in (of_number.pk, of_ticket.pk):
            stack.set_trap("after_commit", pk, "go on")
            outbox.send_task("tickets.tasks.execute", pk)
        until(lambda: not any(stack.is_set("after_commit", pk) for pk in (of_number.pk, of_ticket.pk)), "a worker that yields")
        assert yielding.filter(execution="requested").count() == 2
    until(lambda: is_done(of_number, of_ticket), "the executions")
    for done in (of_number, of_ticket):
        assert_once(done)


def test_charge_handled_by_two_deliveries_is_posted_once(stack, cast, now):
    ticket = submit(cast, now)
    (stack.faults / "hold").touch()
    stack.set_trap("after_posting", ticket.pk, "hold")
    with transaction.atomic():
        outbox.mark_due(lock(ticket.pk), ("sent_to_carrier",), at=now)
    outbox.send_task("tickets.tasks.deliver")
    until((stack.faults / "holding").exists, "the first delivery")
    assert outbox.post_charges(ticket.pk, at=now) == 0
    (stack.faults / "hold").unlink()
    until(lambda: ticket.charges.filter(posted_at__isnull=False).exists(), "the posting")
    assert outbox.post_charges(ticket.pk, at=now) == 0
    assert ticket.events.filter(kind=Event.Kind.POSTED).count() == 1


def test_ledger_accepts_a_fee_per_cause_once(cast, now):
    for _ in range(2):
        post(partner_id=cast.nord.pk, fee="fee.porting_date_change", title="", amount=50, currency="EUR", source="ticket:1", at=now)
    assert LedgerEntry.objects.count() == 1


def on_own_connection(function):
    """Call the function, in a thread; return its result or the NotNow that it raises."""
    try:
        return function()
    except NotNow as refusal:
        return refusal
    finally:
        connection.close()


def run_both(first, second):
    """Run two functions at the same moment, each on its own connection; return what they return or raise."""
    with ThreadPoolExecutor(2) as threads:
        return [future.result() for future in [threads.submit(on_own_connection, one) for one in (first, second)]]


def waiting_for_locks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return cursor.fetchone()[0]


def test_second_of_two_simultaneous_executions_is_refused(stack, cast, now):
    ticket = submit(cast, now)
    with ThreadPoolExecutor(1) as meanwhile:
        with transaction.atomic():
            lock(ticket.pk)
            answers = meanwhile.submit(
                run_both,
                lambda: execution.request_execution(ticket.pk, actor=cast.agent, at=timezone.now()),
                lambda: execution.request_execution(ticket.pk, actor=cast.agent2, at=timezone.now()),
            )
            until(lambda: waiting_for_locks() == 2, "both agents")
        kinds = sorted(type(answer).__name__ for answer in answers.result())
    assert kinds == ["NotNow", "Ticket"]
    until(lambda: is_done(ticket), "the execution")
    assert_once(ticket)
    assert ticket.events.filter(kind=Event.Kind.EXECUTION_REQUESTED).count() == 1


def test_form_sent_twice_simultaneously_creates_one_ticket(stack, cast, now):
    key, did, kind = uuid.uuid4(), cast.porting, TYPES["porting_date_change"]
    form = kind.form(asked(cast, did), partner=cast.nord)
    assert form.is_valid()
    request = submission.Request(kind, form, cast.nora, key=key)
    with ThreadPoolExecutor(1) as meanwhile:
        with transaction.atomic():
            submission._earlier(request, request.once)  # holds the key
            answers = meanwhile.submit(run_both, *[lambda: submit(cast, now, key=key, did=did)] * 2)
            until(lambda: waiting_for_locks() == 2, "both submissions")
        first, second = answers.result()
    assert first == second
    assert Ticket.objects.count() == 1
    assert ticket_events(first) == ["submitted"]


def ticket_events(ticket):
    return list(ticket.events.values_list("kind", flat=True))
