"""Tickets are given to somebody by hand, one or many: what the tickets' services do, and the new owner is told."""

from django.db import transaction

from desk.services import notices
from tickets.services import desk, handling, many
from tickets.services.lifecycle import lock


def assign(number, owner, *, actor, at):
    """Give the ticket to somebody, or to nobody (None)."""
    return _told(number, lambda: desk.assign(number, owner, actor=actor, at=at), actor, at)


def assign_many(tickets, owner, *, actor, at):
    """The same for many locked tickets at once. Gives those that were changed."""
    changed = many.assign(tickets, owner, actor=actor, at=at)
    notices.owned(changed, owner, by=actor, at=at)
    return changed


def save(number, *, actor, at, **given):
    """Owner, priority and status together, as tickets.services.handling.save has them. Raises Conflict."""
    return _told(number, lambda: handling.save(number, actor=actor, at=at, **given), actor, at)


@transaction.atomic
def _told(number, change, by, at):
    before = lock(number).assignee_id
    ticket = change()
    if ticket.assignee_id != before:
        notices.owned([ticket], ticket.assignee, by=by, at=at)
    return ticket
