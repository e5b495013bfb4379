"""The changes of `desk` and `tags` for many tickets at once, with a constant number of queries.

The caller has locked the tickets; the objects are updated as well. Tickets that already have the value are skipped; the changed ones
are returned.
"""

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, Value

from engine.bulk_update import update_rows
from tickets.models import Event, Ticket
from tickets.services import clocks
from tickets.services.lifecycle import record_many
from tickets.services.tags import MOST

Priority = Ticket.Priority


def assign(tickets, assignee, *, actor, at):
    """Assign the tickets to an agent, or to nobody (None)."""
    changed = [ticket for ticket in tickets if ticket.assignee_id != (assignee and assignee.pk)]
    _all(changed).update(assignee=assignee, updated_at=at)
    record_many(((ticket, {"to": str(assignee) if assignee else ""}) for ticket in changed), Event.Kind.ASSIGNED, actor=actor, at=at)
    for ticket in changed:
        ticket.assignee_id, ticket.updated_at = assignee and assignee.pk, at
    return changed


def prioritize(tickets, priority, *, actor, at):
    """Change the priority of the tickets."""
    changed = [ticket for ticket in tickets if ticket.priority != priority]
    new = str(Priority(priority).label)
    entries = [(ticket, {"field": "priority", "old": str(Priority(ticket.priority).label), "new": new}) for ticket in changed]
    for ticket in changed:
        ticket.priority = priority
        clocks.retarget(ticket, at=at)
    update_rows(changed, ["priority", *clocks.WORKED_OUT])
    record_many(entries, Event.Kind.STATUS, actor=actor, at=at)
    return changed


def tag(tickets, name, is_on, *, actor, at):
    """Add a tag to the tickets, or remove it. A ticket that already has the most tags gets no further one."""
    if is_on:
        changed = [ticket for ticket in tickets if name not in ticket.tags and len(ticket.tags) < MOST]
    else:
        changed = [ticket for ticket in tickets if name in ticket.tags]
    value = Value(name, output_field=CharField(max_length=40))
    tags = Func(F("tags"), value, function="array_append" if is_on else "array_remove", output_field=ArrayField(CharField(max_length=40)))
    _all(changed).update(tags=tags, updated_at=at)
    entries = []
    for ticket in changed:
        before = ", ".join(ticket.tags)
        ticket.tags = [*ticket.tags, name] if is_on else [kept for kept in ticket.tags if kept != name]
        entries.append((ticket, {"field": "tags", "old": before, "new": ", ".join(ticket.tags)}))
    record_many(entries, Event.Kind.STATUS, actor=actor, at=at)
    return changed


def _all(tickets):
    return Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets])
