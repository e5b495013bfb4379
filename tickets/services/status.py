"""The status as agents set it manually: open, waiting for an answer, on hold for somebody, solved with an outcome."""

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.consents import notify_resumed
from tickets.models import Event, Ticket
from tickets.services import agent_actions, conversation, outbox
from tickets.services.lifecycle import TRANSITIONS, NotNow, lock, move, open_if_new, owe_email, record, record_change
from tickets.services.progress import lesser_outcomes
from tickets.types import kind_of

S, Outcome, E = Ticket.Status, Ticket.Outcome, Ticket.Execution
W = Ticket.WaitingFor


def choices(ticket, *, left=None):
    """Return the statuses an agent may set on this ticket now, in the order of Status. `left`: its open steps, if already known."""
    allowed = TRANSITIONS[ticket.status] - {S.CLOSED}
    if ticket.merged_into_id:
        return []
    if ticket.execution == E.REQUESTED or (S.SOLVED in allowed and (_to_do(ticket) if left is None else left)):
        allowed = allowed - {S.SOLVED}
    return [status for status in S if status in allowed]


def hold_for(ticket):
    """Return whom this ticket may be put on hold for; the parties only while one that was asked has not decided."""
    is_asking = any(not confirmation.decision for confirmation in ticket.confirmations.all())
    return [W.CARRIER, W.WAREHOUSE, *([W.PARTIES] if is_asking else [])]


def _to_do(ticket):
    """Return the open steps of an executed request. If it were solved regardless, its devices and numbers would be stuck in them."""
    return kind_of(ticket).steps(ticket) if ticket.execution == E.DONE else []


def _nothing_left(ticket):
    if left := _to_do(ticket):
        titles = ", ".join(f"“{step.title}”" for step in left)
        raise NotNow(_("These steps are still open: %(steps)s. The last one solves the ticket.") % {"steps": titles})


def outcomes(ticket):
    """Return the outcomes this ticket may be solved with manually, the most likely first.

    An executed request stays executed, or keeps the lesser outcome of its steps; any other is answered, rejected or withdrawn.
    """
    if ticket.execution == E.DONE:
        return [*lesser_outcomes(ticket), Outcome.EXECUTED]
    return [] if ticket.execution == E.REQUESTED else [Outcome.ANSWERED, Outcome.REJECTED, Outcome.WITHDRAWN]


@transaction.atomic
def change(number, status, *, actor, at, text="", waiting_for="", outcome="", reason=""):
    """Set the status manually. `text` is the question, the reason for holding, or the message to the partner.

    Raise NotNow if the table does not allow the transition or required details are missing.
    """
    ticket = lock(number)
    if status not in choices(ticket, left=()):  # `finish` checks for open steps and names them
        raise NotNow(_("You cannot set this status on a ticket with status: %(now)s.") % {"now": ticket.get_status_display().lower()})
    if status == S.OPEN:
        return _reopen(ticket, actor, at)
    if status == S.ON_HOLD:
        return hold(ticket, waiting_for, text, actor=actor, at=at)
    if not text and not (status == S.SOLVED and ticket.execution == E.DONE):
        raise NotNow(_("Write a message to the partner: the status alone does not explain anything."))
    if status == S.PENDING:
        return conversation.ask_partner(number, text, author=actor, at=at)
    return _solve(ticket, text, actor=actor, at=at, outcome=outcome, reason=reason)


def _reopen(ticket, actor, at):
    before = ticket.status
    move(ticket, S.OPEN, at=at)
    if before == S.SOLVED:
        notify_resumed(ticket, at=at)
        return record(ticket, Event.Kind.REOPENED, actor=actor, at=at)
    return _record_status(ticket, before, actor, at)


def hold(ticket, waiting_for, why, *, actor, at):
    """Put a locked ticket on hold, with whom it waits for and why."""
    possible = hold_for(ticket)
    if waiting_for == W.PARTIES and waiting_for not in possible:
        raise NotNow(_("This ticket cannot wait for the parties: nobody’s confirmation is outstanding."))
    if waiting_for not in possible or not why:
        raise NotNow(_("State whom the ticket is waiting for, and why."))
    before = ticket.status
    open_if_new(ticket, at=at)
    move(ticket, S.ON_HOLD, at=at, waiting_for=waiting_for)
    return _record_status(ticket, before, actor, at, why)


def _record_status(ticket, before, actor, at, why=""):
    return record_change(ticket, "status", S(before).label, ticket.get_status_display(), actor=actor, at=at, body=why)


def _solve(ticket, text, *, actor, at, outcome, reason):
    if ticket.execution == E.DONE:
        return finish(ticket, text, actor=actor, at=at, outcome=outcome)
    if outcome == Outcome.REJECTED:
        if not reason:
            raise NotNow(_("Choose a reason for the rejection."))
        return agent_actions.reject(ticket.pk, reason, text, actor=actor, at=at)
    if outcome == Outcome.WITHDRAWN:
        return agent_actions.withdraw(ticket.pk, text=text, actor=actor, at=at)
    return conversation.answer(ticket.pk, text, author=actor, at=at)


def finish(ticket, text, *, actor, at, outcome=""):
    """Solve a locked ticket whose request has been executed; with a text, notify the partner."""
    _nothing_left(ticket)
    possible = outcomes(ticket)
    move(ticket, S.SOLVED, at=at, outcome=outcome if outcome in possible else possible[0])
    event = record(ticket, Event.Kind.SOLVED, actor=actor, at=at, body=text)
    if text:
        owe_email(ticket, "progress", at=at, about=event.pk)
        outbox.notify_after_commit()
    return event
