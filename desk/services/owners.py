"""Assign tickets by hand, one or many: as the tickets' services do, and with a notice to the new owner."""

from django.db import transaction

from desk.services import notices
from tickets.services import desk, handling, many
from tickets.services.lifecycle import lock


def assign(number, owner, *, actor, at):
    """Assign the ticket to somebody, or to nobody (None)."""
    return _notifying(number, lambda: desk.assign(number, owner, actor=actor, at=at), actor, at)


def assign_many(tickets, owner, *, actor, at):
    """Assign many locked tickets at once. Return those that changed."""
    changed = many.assign(tickets, owner, actor=actor, at=at)
    notices.owned(changed, owner, by=actor, at=at)
    return changed


def save(number, *, actor, at, **given):
    """Save owner, priority and status together, see tickets.services.handling.save. Raise Conflict."""
    return _notifying(number, lambda: handling.save(number, actor=actor, at=at, **given), actor, at)


@transaction.atomic
def _notifying(number, change, by, at):
    before = lock(number).assignee_id
    ticket = change()
    if ticket.assignee_id != before:
        notices.owned([ticket], ticket.assignee, by=by, at=at)
    return ticket
