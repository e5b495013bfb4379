"""Owners of tickets: assigned by hand, with a notice to the new one; notified; released when they have left (decision 0122)."""

from collections import defaultdict

from django.db import transaction

from desk.models import Agent
from desk.services import notices
from partners.models import User
from tickets.models import Ticket
from tickets.models.ticket import RUNNING, long_columns
from tickets.services import agent_actions, bulk, handling
from tickets.services.lifecycle import lock, with_cause

SLICE = 200


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


def responsible(tickets, *, at):
    """Return [(ticket, the people to notify)]: the owner, or the team leads if there is none who is present. Two or three queries."""
    agents = Agent.objects.filter(user__in={ticket.assignee_id for ticket in tickets if ticket.assignee_id})
    leads, away = _leads(), {agent.user_id for agent in agents if agent.is_away(at.date())}
    present = {owner for ticket in tickets if (owner := ticket.assignee) and owner.is_active and owner.pk not in away}
    return [(ticket, [ticket.assignee] if ticket.assignee in present else leads) for ticket in tickets]


def _leads():
    """Return the team leads, or the administrators if there are none."""
    staff = User.objects.filter(is_active=True)
    return list(staff.filter(role=User.Role.LEAD)) or list(staff.filter(role=User.Role.ADMIN))


@transaction.atomic
def release(*, at):
    """Unassign a slice of the running tickets whose owners no longer have access: nobody would look after them. Return how many.

    Locked tickets follow later. Owners who still have access are not looked at, so that this costs little.
    """
    gone = User.objects.staff().filter(is_active=False)
    tickets = Ticket.objects.filter(RUNNING, assignee__in=list(gone.values_list("pk", flat=True))).select_related("assignee")
    slices = defaultdict(list)
    for ticket in tickets.order_by("pk").select_for_update(no_key=True, skip_locked=True, of=("self",)).defer(*long_columns())[:SLICE]:
        slices[ticket.assignee].append(ticket)
    for owner, theirs in slices.items():
        with with_cause(left=str(owner)):
            bulk.assign(theirs, None, actor=None, at=at)
    return sum(map(len, slices.values()))


@transaction.atomic
def _notifying(number, change, by, at):
    before = lock(number).assignee_id
    ticket = change()
    if ticket.assignee_id != before:
        notices.notify_owner([ticket], ticket.assignee, by=by, at=at)
    return ticket
