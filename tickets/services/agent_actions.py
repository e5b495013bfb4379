"""Decisions about a ticket: assign, override, reject, withdraw, prioritise, set the status."""

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.consents import notify_ended, notify_resumed
from tickets.models import Event, Ticket
from tickets.models.ticket import CARRIED_OUT
from tickets.services import clocks, outbox, search_index
from tickets.services.execution import judge_again
from tickets.services.lifecycle import NotNow, lock, move, open_if_new, owe_email, record, record_change, record_override
from tickets.services.progress import charge_rejection, lesser_outcomes, reverse_rejection_fee
from tickets.types import kind_of

S, Outcome, E = Ticket.Status, Ticket.Outcome, Ticket.Execution


@transaction.atomic
def assign(number, assignee, *, actor, at):
    """Assign the ticket to an agent, or to nobody (None)."""
    ticket = lock(number)
    if ticket.assignee_id == (assignee and assignee.pk):
        return ticket
    ticket.assignee, ticket.updated_at = assignee, at
    ticket.save(update_fields=["assignee", "updated_at"])
    record(ticket, Event.Kind.ASSIGNED, actor=actor, at=at, internal=True, to=str(assignee) if assignee else "")
    return ticket


@transaction.atomic
def override(number, rule, reason, *, actor, at):
    """Override a rule's findings on this ticket, for a reason that stays on record. Raise NotNow, PermissionError."""
    if not actor.may_override:
        raise PermissionError(_("You do not have permission to override findings."))
    ticket = lock(number)
    if not ticket.may_execute:
        raise NotNow(_("There is nothing left to override on this ticket."))
    _form, _answers, verdict = judge_again(ticket, at=at)
    if not any(f.rule == rule and f.may_be_overridden for f in verdict.findings):
        is_final = any(f.rule == rule and f.final and f.blocks for f in verdict.findings)
        why = _("Findings of %(rule)s cannot be overridden.") if is_final else _("There is no finding of %(rule)s against this ticket.")
        raise NotNow(why % {"rule": rule})
    record_override(ticket, rule, reason, by=actor, at=at)
    return ticket


@transaction.atomic
def reject(number, reason, text, *, actor, at):
    """Reject the request with a reason code and a message to the partner. Raise NotNow once it is being executed."""
    ticket = lock(number)
    _still_undone(ticket)
    clocks.care_team_wrote(ticket, at=at)
    open_if_new(ticket, at=at)
    move(ticket, S.SOLVED, at=at, outcome=Outcome.REJECTED, reason=reason)
    event = record(ticket, Event.Kind.REJECTED, actor=actor, at=at, body=text, reason=reason)
    search_index.add(ticket, text)
    if reason == Ticket.Reason.UNJUSTIFIED:
        charge_rejection(ticket, at=at)
    else:
        reverse_rejection_fee(ticket, at=at)
    owe_email(ticket, "rejected", at=at, about=event.pk)
    notify_ended(ticket, event, at=at)
    outbox.notify_after_commit()
    return ticket


@transaction.atomic
def withdraw(number, *, actor, at, text=""):
    """Withdraw the request for the partner, by itself or by an agent with a `text` for it. Raise NotNow once it is being executed."""
    ticket = lock(number)
    _still_undone(ticket)
    open_if_new(ticket, at=at)
    move(ticket, S.SOLVED, at=at, outcome=Outcome.WITHDRAWN)
    event = record(ticket, Event.Kind.WITHDRAWN, actor=actor, at=at, body=text)
    if text:
        owe_email(ticket, "progress", at=at, about=event.pk)
    notify_ended(ticket, event, at=at)
    outbox.notify_after_commit()
    return ticket


def _still_undone(ticket):
    if ticket.is_over:
        raise NotNow(_("Too late: this request is already %(outcome)s.") % {"outcome": ticket.get_outcome_display().lower()})
    if ticket.execution in (E.REQUESTED, E.DONE):
        raise NotNow(_("This request is already being carried out."))


@transaction.atomic
def prioritize(number, priority, *, actor, at):
    """Change the ticket's priority."""
    ticket = lock(number)
    if ticket.priority != priority:
        before, ticket.priority = ticket.get_priority_display(), priority
        clocks.retarget(ticket, at=at)
        ticket.save(update_fields=["priority", *clocks.COLUMNS])
        record_change(ticket, "priority", before, ticket.get_priority_display(), actor=actor, at=at)
    return ticket


@transaction.atomic
def set_status(number, status, *, actor, at, waiting_for="", outcome="", reason=""):
    """Change the status manually, without notifying the partner. Raise NotNow for a transition that the table does not allow.

    An executable request cannot just be solved: it is executed or rejected. `outcome` and `reason` restore earlier values.
    """
    ticket = lock(number)
    if status == ticket.status:
        return ticket
    if status == S.SOLVED and outcome not in CARRIED_OUT and outcome not in lesser_outcomes(ticket):
        _still_undone(ticket)
    if status == S.SOLVED and not outcome:
        if kind_of(ticket).executes:
            raise NotNow(_("This request has to be executed or rejected: it cannot just be solved."))
        outcome = Outcome.ANSWERED
    before, was_over = ticket.get_status_display(), ticket.is_over
    open_if_new(ticket, at=at)
    if status == S.PENDING:
        waiting_for = waiting_for or Ticket.WaitingFor.PARTNER
    move(ticket, status, at=at, waiting_for=waiting_for, outcome=outcome, reason=reason)
    kind = Event.Kind.SOLVED if status == S.SOLVED else Event.Kind.REOPENED if was_over else Event.Kind.STATUS
    record_change(ticket, "status", before, ticket.get_status_display(), actor=actor, at=at, kind=kind)
    if kind == Event.Kind.REOPENED:
        notify_resumed(ticket, at=at)
    return ticket
