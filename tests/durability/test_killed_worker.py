"""A worker dies, loses its database or fails at any point of an execution: it is executed once, or not at all."""

import datetime

import pytest
import redis

from billing.models import LedgerEntry
from classound.models import PortingChange
from tests.durability.faults import POINTS
from tests.durability.porting_requests import assert_once, carry_out, is_done, submit
from tests.durability.stack import no_mail_is_owed, until
from tickets.models import Mail, Ticket
from tickets.services import conversation
from tickets.services.execution import ATTEMPTS

pytestmark = pytest.mark.django_db(transaction=True)


def test_worker_killed_at_any_point_executes_once(stack, cast, now):
    tickets = {point: submit(cast, now) for point in POINTS}
    for point, ticket in tickets.items():
        stack.set_trap(point, ticket.pk, "kill")
        carry_out(cast, now, ticket)
    until(lambda: is_done(*tickets.values()), "all executions")
    for point, ticket in tickets.items():
        until(lambda: not stack.is_set(point, ticket.pk), point)  # noqa: B023
        assert_once(ticket)


@pytest.mark.thorough
def test_execution_is_retried_after_losing_the_database(stack, cast, now):
    tickets = {point: submit(cast, now) for point in ("inside_apply", "after_posting")}
    for point, ticket in tickets.items():
        stack.set_trap(point, ticket.pk, "disconnect")
        carry_out(cast, now, ticket)
    until(lambda: is_done(*tickets.values()), "the executions")
    for ticket in tickets.values():
        assert_once(ticket)
        assert Ticket.objects.get(pk=ticket.pk).execution_attempts == 2


@pytest.mark.thorough
def test_worker_killed_and_down_for_an_hour_catches_up(stack, cast, now):
    """Act as if the machine had been down: queued tasks have expired, and only the database knows about them."""
    an_hour_ago = now - datetime.timedelta(hours=1)
    tickets = [submit(cast, an_hour_ago) for _ in range(4)]
    # An e-mail being sent when its worker dies is sent twice: that is not tested here.
    until(no_mail_is_owed, "the mails of the submissions")
    stack.set_trap("before_commit", tickets[0].pk, "kill all")
    carry_out(cast, an_hour_ago, tickets[0])
    until(lambda: not stack.worker.is_running, "the end of the worker")
    for ticket in tickets[1:]:
        carry_out(cast, an_hour_ago, ticket)
    conversation.reply(tickets[0].pk, "We are on it.", author=cast.agent, at=an_hour_ago)
    redis.Redis(unix_socket_path=str(stack.socket)).flushall()
    stack.worker.start()  # as the supervisor does
    until(lambda: is_done(*tickets), "the executions")
    until(no_mail_is_owed, "the mails")
    for ticket in tickets:
        assert_once(ticket)
    told = 2 * len(tickets) + 1  # submitted and progress of each, and the message
    assert len(stack.mails(*tickets)) == Mail.objects.filter(ticket__in=tickets).count() == told


@pytest.mark.thorough
def test_permanent_failures_return_to_the_agents_and_block_nobody(stack, cast, now):
    failing, killing = submit(cast, now), submit(cast, now)
    stack.set_trap("after_apply", failing.pk, "always fail")
    stack.set_trap("inside_apply", killing.pk, "always kill")
    for ticket in (failing, killing):
        carry_out(cast, now, ticket)
    other = submit(cast, now)
    carry_out(cast, now, other)
    until(lambda: is_done(other), "the execution of another ticket")
    for ticket in (failing, killing):
        until(lambda: Ticket.objects.get(pk=ticket.pk).execution == "failed", "giving up")  # noqa: B023
        assert Ticket.objects.get(pk=ticket.pk).execution_attempts == ATTEMPTS
        event = ticket.events.get(kind="failed")
        assert "reference" in event.body and event.is_internal
    ours = [failing.source, killing.source]
    assert not LedgerEntry.objects.filter(source__in=ours).exists()
    assert not PortingChange.objects.filter(source__in=ours).exists()
    stack.tidy()
    for ticket in (failing, killing):
        carry_out(cast, now, ticket)
    until(lambda: is_done(failing, killing), "the executions once they can be done")
    for ticket in (failing, killing):
        assert_once(ticket)
