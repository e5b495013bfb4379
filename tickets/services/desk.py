"""What agents and requesters decide about a ticket: assign, override, reject, withdraw, answer."""

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.models import Event, Override, Ticket
from tickets.services import clocks, delivery
from tickets.services.execution import judge_again
from tickets.services.lifecycle import NotNow, lock, move, now_open, record, tell

S, Outcome, E = Ticket.Status, Ticket.Outcome, Ticket.Execution


@transaction.atomic
def assign(number, assignee, *, actor, at):
    """Give the ticket to an agent, or to nobody (None)."""
    ticket = lock(number)
    if ticket.assignee_id == (assignee and assignee.pk):
        return ticket
    ticket.assignee, ticket.updated_at = assignee, at
    ticket.save(update_fields=["assignee", "updated_at"])
    record(ticket, Event.Kind.ASSIGNED, actor=actor, at=at, internal=True, to=str(assignee) if assignee else "")
    return ticket


@transaction.atomic
def override(number, rule, reason, *, actor, at):
    """Set a rule's findings on this ticket aside, for a reason that stays. Raises NotNow, PermissionError."""
    if not actor.may_override:
        raise PermissionError(_("Overriding a finding needs the right to do so."))
    ticket = lock(number)
    if not ticket.may_execute:
        raise NotNow(_("There is nothing left to override on this ticket."))
    _form, _answers, verdict = judge_again(ticket, at=at)
    if not any(f.rule == rule and f.may_be_overridden for f in verdict.findings):
        raise NotNow(_("No finding of %(rule)s stands against this ticket.") % {"rule": rule})
    Override.objects.create(ticket=ticket, rule=rule, reason=reason, by=actor, at=at)
    record(ticket, Event.Kind.OVERRIDDEN, actor=actor, at=at, body=reason, internal=True, rule=rule)
    return ticket


@transaction.atomic
def reject(number, reason, message, *, actor, at):
    """Refuse the request, with a reason code and a message to the partner. Raises NotNow once it is being carried out."""
    ticket = lock(number)
    _still_undone(ticket)
    clocks.answered(ticket, at=at)
    now_open(ticket, at=at)
    move(ticket, S.SOLVED, at=at, outcome=Outcome.REJECTED, reason=reason)
    event = record(ticket, Event.Kind.REJECTED, actor=actor, at=at, body=message, reason=reason)
    if reason == Ticket.Reason.UNJUSTIFIED:
        delivery.mark_due(ticket, ("rejected_unjustified",), at=at)
    tell(ticket, "rejected", at=at, about=event.pk)
    delivery.nudge(ticket)
    return ticket


@transaction.atomic
def withdraw(number, *, actor, at):
    """The requester takes the request back. Raises NotNow once it is being carried out."""
    ticket = lock(number)
    _still_undone(ticket)
    now_open(ticket, at=at)
    move(ticket, S.SOLVED, at=at, outcome=Outcome.WITHDRAWN)
    record(ticket, Event.Kind.WITHDRAWN, actor=actor, at=at)
    return ticket


def _still_undone(ticket):
    if ticket.is_over:
        raise NotNow(_("This ticket is solved already."))
    if ticket.execution in (E.REQUESTED, E.DONE):
        raise NotNow(_("This request is being carried out already."))


@transaction.atomic
def handle(number, *, assignee, priority, actor, at):
    """Set owner and priority together, as the form at the ticket's side has them."""
    ticket = assign(number, assignee, actor=actor, at=at)
    if ticket.priority != priority:
        before, ticket.priority = ticket.get_priority_display(), priority
        clocks.retarget(ticket, at=at)
        ticket.save(update_fields=["priority", *clocks.COLUMNS])
        record(
            ticket, Event.Kind.STATUS, actor=actor, at=at, internal=True, field="priority", old=before, new=ticket.get_priority_display()
        )
    return ticket
