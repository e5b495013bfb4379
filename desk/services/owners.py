"""Assign tickets by hand, one or many: as the tickets' services do, and with a notice to the new owner."""

from django.db import transaction

from desk.services import notices
from tickets.services import agent_actions, bulk, handling
from tickets.services.lifecycle import lock


def assign(number, owner, *, actor, at):
    """Assign the ticket to somebody, or to nobody (None)."""
    return _notifying(number, lambda: agent_actions.assign(number, owner, actor=actor, at=at), actor, at)


def assign_many(tickets, owner, *, actor, at):
    """Assign many locked tickets at once. Return those that changed."""
    changed = bulk.assign(tickets, owner, actor=actor, at=at)
    notices.notify_owner(changed, owner, by=actor, at=at)
    return changed


def save(number, *, actor, at, **given):
    """Save owner, priority and status together, see tickets.services.handling.save. Raise Conflict."""
    return _notifying(number, lambda: handling.save(number, actor=actor, at=at, **given), actor, at)


@transaction.atomic
def _notifying(number, change, by, at):
    before = lock(number).assignee_id
    ticket = change()
    if ticket.assignee_id != before:
        notices.notify_owner([ticket], ticket.assignee, by=by, at=at)
    return ticket
