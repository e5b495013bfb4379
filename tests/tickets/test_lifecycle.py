"""The life of a ticket: only the transitions of the table, and nothing changes a finished ticket."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tickets.actions import ask, carry_out
from tickets.models import Event, Ticket
from tickets.services import agent_actions, conversation, execution
from tickets.services.lifecycle import NotNow, move

Status = Ticket.Status
ALLOWED = {
    "new": {"open", "pending", "on_hold", "solved"},
    "open": {"pending", "on_hold", "solved"},
    "pending": {"open", "on_hold", "solved"},
    "on_hold": {"open", "pending", "solved"},
    "solved": {"open", "closed"},
    "closed": set(),
}


@pytest.fixture
def ticket(cast, now):
    return ask(cast.nora, "did_cancel", now, dids=[cast.did.number])


@pytest.mark.parametrize("start", Status.values)
def test_only_listed_transitions_are_allowed(ticket, now, start):
    for target in Status.values:
        ticket.status = start
        if target == start or target in ALLOWED[start]:
            move(ticket, target, at=now)
            assert Ticket.objects.get().status == target
        else:
            with pytest.raises(NotNow):
                move(ticket, target, at=now)
            assert ticket.status == start


ACTS = {
    "reply": lambda c, n, at: conversation.reply(n, "Thank you.", author=c.nora, at=at),
    "answer": lambda c, n, at: conversation.reply(n, "You are welcome.", author=c.agent, at=at),
    "ask": lambda c, n, at: conversation.ask_partner(n, "Which one?", author=c.agent, at=at),
    "assign": lambda c, n, at: agent_actions.assign(n, c.agent2, actor=c.agent, at=at),
    "request": lambda c, n, at: execution.request_execution(n, actor=c.agent, at=at),
    "execute": lambda c, n, at: execution.execute(n, at=at),
    "reject": lambda c, n, at: agent_actions.reject(n, "other", "No.", actor=c.agent, at=at),
    "withdraw": lambda c, n, at: agent_actions.withdraw(n, actor=c.nora, at=at),
    "override": lambda c, n, at: agent_actions.override(n, "DID-1", "Agreed by phone.", actor=c.lead, at=at),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(sorted(ACTS)), min_size=1, max_size=8))
def test_ticket_stays_consistent_under_any_sequence_of_actions(cast, now, acts):
    """In any order, actions are done or refused with a message; the number is cancelled once, and only by execution."""
    type(cast.did).objects.filter(pk=cast.did.pk).update(status="active", cancelled_on=None)
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    for minute, act in enumerate(acts, 1):
        before = Ticket.objects.get(pk=ticket.pk)
        try:
            ACTS[act](cast, ticket.pk, now + datetime.timedelta(minutes=minute))
        except (NotNow, execution.NotExecutable):
            continue
        after = Ticket.objects.get(pk=ticket.pk)
        # One action may first open a new ticket, and a reply reopens a solved one.
        reachable = ALLOWED[before.status] | {before.status} | ALLOWED["open"]
        assert after.status in reachable
        assert (after.status in ("solved", "closed")) == bool(after.outcome) == bool(after.solved_at)
    cast.did.refresh_from_db()
    applied = Event.objects.filter(ticket=ticket, kind="applied").count()
    assert (applied, cast.did.status) in ((0, "active"), (1, "cancelled"))


def test_reply_reopens_a_solved_ticket(cast, now, ticket):
    carry_out(ticket, cast.agent, now)
    conversation.reply(ticket.pk, "The number still rings.", author=cast.nora, at=now)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome, ticket.solved_at, ticket.execution) == ("open", "", None, "done")
    assert ticket.events.get(kind="reopened").actor == cast.nora
    with pytest.raises(NotNow):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)


def test_agent_message_does_not_reopen_a_solved_ticket(cast, now, ticket):
    carry_out(ticket, cast.agent, now)
    conversation.reply(ticket.pk, "Done.", author=cast.agent, at=now)
    ticket.refresh_from_db()
    assert ticket.status == "solved"


def test_closed_ticket_accepts_no_message(cast, now, ticket):
    Ticket.objects.update(status="closed", outcome="executed")
    for author in (cast.nora, cast.agent):
        with pytest.raises(NotNow):
            conversation.reply(ticket.pk, "Hello?", author=author, at=now)


def test_partner_reply_ends_the_wait(cast, now, ticket):
    conversation.ask_partner(ticket.pk, "Which one?", author=cast.agent, at=now)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_for) == ("pending", "partner")
    conversation.reply(ticket.pk, "Both.", author=cast.nora, at=now)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_for) == ("open", "")


@pytest.mark.parametrize("undo", ["withdraw", "reject"])
def test_nothing_can_be_undone_after_execution_was_requested(cast, now, ticket, undo):
    execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    with pytest.raises(NotNow):
        ACTS[undo](cast, ticket.pk, now)
    execution.execute(ticket.pk, at=now)
    ticket.refresh_from_db()
    assert ticket.outcome == "executed"


@pytest.mark.parametrize(("undo", "outcome"), [("withdraw", "withdrawn"), ("reject", "rejected")])
def test_withdrawn_or_rejected_ticket_is_not_executed(cast, now, ticket, undo, outcome):
    ACTS[undo](cast, ticket.pk, now)
    ticket.refresh_from_db()
    assert ticket.outcome == outcome
    with pytest.raises(NotNow):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    cast.did.refresh_from_db()
    assert cast.did.status == "active"


def test_note_is_internal_and_changes_nothing(cast, now, ticket):
    conversation.note(ticket.pk, "Careful with this one.", author=cast.agent, at=now)
    ticket.refresh_from_db()
    assert (ticket.status, Event.objects.get(kind="note").is_internal) == ("new", True)
