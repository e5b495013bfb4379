"""Owner, priority and status (and corrected answers) are compared with what was seen before saving: no change is overwritten unseen."""

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.models import User
from tickets.models import Ticket
from tickets.services import agent_actions, status
from tickets.services.lifecycle import lock

LABELS = {"assignee": _("Owner"), "priority": _("Priority"), "status": _("Status")}


class Difference(NamedTuple):
    """One field that two people changed: the old value, the other person's value and the value to be saved."""

    field: str
    old: object
    theirs: object
    yours: object

    @property
    def is_clash(self):
        return self.theirs not in (self.old, self.yours) and self.yours != self.old


class Conflict(Exception):
    """Somebody else changed a value to be saved. Nothing was saved; `differences` lists the values, `worded` puts them into words."""

    def __init__(self, differences, words=None):
        super().__init__("conflict")
        self.differences = differences
        self.worded = words or worded


def values(ticket):
    """Return the initial values of the form, as plain text: {field: value}."""
    return {"assignee": str(ticket.assignee_id or ""), "priority": str(ticket.priority), "status": ticket.status}


def compare(now, seen, wanted, *, leave, words=None):
    """Raise Conflict if a field to be changed no longer has the value seen. Fields not in `seen` are not compared.

    Fields in `leave` keep their value: they never cause a conflict, but are listed with those that do. Return the fields to change.
    """
    found = [Difference(field, seen.get(field, now[field]), now[field], str(wanted[field])) for field in wanted]
    if any(one.is_clash and one.field not in leave for one in found):
        raise Conflict([one for one in found if one.old != one.theirs or one.old != one.yours], words)
    return {one.field for one in found if one.yours != one.old and one.field not in leave}


@transaction.atomic
def save(number, *, seen, actor, at, leave=(), more=None, **given):
    """Set the `given` values of assignee, priority and status, as in the form beside the ticket; untouched fields and those in `leave`
    keep their current value. `more` belongs to the status, see services.status.change.

    Raise Conflict if somebody else changed a value to be saved, or NotNow; then nothing is saved.
    """
    ticket = lock(number)
    wanted = {name: getattr(value, "pk", value) or "" for name, value in given.items()}
    touched = compare(values(ticket), seen, wanted, leave=leave)
    if "assignee" in touched:
        agent_actions.assign(number, given["assignee"], actor=actor, at=at)
    if "priority" in touched:
        agent_actions.prioritize(number, given["priority"], actor=actor, at=at)
    if "status" in given and "status" not in leave:
        status.change(number, given["status"], actor=actor, at=at, **more or {})
    return lock(number)


def worded(differences):
    """Return the differences in words for a page: [{field, label, old, theirs, yours, is_clash}]; one query for the people."""
    ids = {int(value) for d in differences if d.field == "assignee" for value in d[1:] if value.isdigit()}
    people = {str(pk): name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "full_name")} if ids else {}
    words = {
        "assignee": lambda value: people.get(value, _("Nobody")),
        "priority": lambda value: Ticket.Priority(int(value)).label if value.isdigit() else value,
        "status": lambda value: Ticket.Status(value).label if value in Ticket.Status.values else value,
    }
    return [
        {"field": d.field, "label": LABELS[d.field], "is_clash": d.is_clash}
        | {name: str(words[d.field](getattr(d, name))) for name in ("old", "theirs", "yours")}
        for d in differences
    ]
