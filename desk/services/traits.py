"""Traits of a ticket: what actions change and undoing restores.

Each trait can be read as plain JSON and set. Its key is the trait's name, for some followed by a colon and a parameter: "assignee",
"priority", "status", "snoozed", "tag:urgent" (whether it has the tag), "follower:12" (whether user 12 follows it).

A status brings clocks and dates of solution with it. `read_with_clocks` reads a trait with these, to be stored as a ticket's state before
and after a change; `without_clocks` strips them, to compare states and to set a trait as if by hand.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.services import owners, snooze_action
from partners.models import User
from tickets.models import Follower, Ticket
from tickets.services import agent_actions, bulk, clocks, followers, tags
from tickets.services.lifecycle import TRANSITIONS, NotNow, lock, record_change

S = Ticket.Status
STATUS = "status"


class Trait(NamedTuple):
    """How to read and set a trait; `name` is the parameter of the key, or "".

    `read(ticket, name)` returns its value; `put(number, name, value, actor=, at=)` sets it; `put_many(tickets, …)` sets it for many
    tickets at once and is None where that is impossible.
    """

    label: str
    read: Callable
    put: Callable
    put_many: Callable | None = None


def read(ticket, key):
    """Return the present value of this trait."""
    trait, name = _trait(key)
    return trait.read(ticket, name)


def read_with_clocks(ticket, key):
    """Return the value with what changes along with it, which is restored too unless it was touched since (`is_untouched`)."""
    value = read(ticket, key)
    return [*value, clocks.kept(ticket)] if key == STATUS else value


def without_clocks(key, value):
    """Return what `read` would have returned, from a value of `read_with_clocks`."""
    return value[:4] if key == STATUS else value


def is_untouched(key, now, after):
    """Return whether what changes along with the trait is unchanged since: a message may have stopped or started a clock."""
    return key != STATUS or (len(after) == len(now) and all(now[4][column] == after[4].get(column) for column in clocks.MET))


def put(number, key, value, *, actor, at):
    """Set the trait. Raise NotNow."""
    trait, name = _trait(key)
    trait.put(number, name, value, actor=actor, at=at)


def put_many(tickets, key, value, *, actor, at):
    """Set the trait of many locked tickets at once; return those that changed."""
    trait, name = _trait(key)
    return trait.put_many(tickets, name, value, actor=actor, at=at)


def sets_many(key):
    """Return whether the trait can be set for many tickets at once."""
    return _trait(key)[0].put_many is not None


def label(key):
    """Return the trait in words, such as "owner" or "tag urgent"."""
    trait, name = _trait(key)
    return f"{trait.label} {name}".strip() if key.startswith("tag:") else str(trait.label)


def person(pk):
    """Return the staff member with this key, or None for no key. Raise NotNow if they have left the care team."""
    found = pk and User.objects.care().filter(pk=pk).first()
    if pk and not found:
        raise NotNow(_("This colleague is no longer on the care team."))
    return found or None


def _trait(key):
    trait, _colon, name = key.partition(":")
    return TRAITS[trait], name


def _put_status(number, name, value, *, actor, at):
    """Restore a status, going through "open" if there is no direct transition.

    Clocks are restored with it, if they were kept: what was undone counts as no answer, solution or reopening in reports. If they were
    not kept, because a message was written, a ticket that was new becomes open.
    """
    status, waiting_for, outcome, reason, *kept = value
    with_it = {"waiting_for": waiting_for, "outcome": outcome, "reason": reason}
    now, by_table = Ticket.objects.values_list("status", flat=True).get(pk=number), S.OPEN if status == S.NEW else status
    if now != by_table and by_table not in TRANSITIONS[now]:
        agent_actions.set_status(number, S.OPEN, actor=actor, at=at)
    agent_actions.set_status(number, by_table, actor=actor, at=at, **with_it)
    if kept:
        _restore_clocks(lock(number), status, *kept, actor=actor, at=at)


def _restore_clocks(ticket, status, kept, *, actor, at):
    """Restore "new", which has no transition but means that work had not begun (as in services.merging), and the clocks."""
    if status == S.NEW:
        ticket.status = status
        record_change(ticket, "status", S.OPEN.label, S.NEW.label, actor=actor, at=at)
    clocks.put_back(ticket, kept, at=at)
    ticket.save(update_fields=["status", "solved_at", *clocks.COLUMNS])


def _put_tag(number, name, value, *, actor, at):
    tags.change(number, **{"add" if value else "remove": (name,)}, actor=actor, at=at)


def _put_follower(number, name, value, *, actor, at):
    if value:
        followers.follow(number, person(int(name)), by=actor, at=at)
    else:
        followers.unfollow(number, User.objects.get(pk=name), by=actor, at=at)


TRAITS = {
    "assignee": Trait(
        gettext_lazy("owner"),
        lambda ticket, name: ticket.assignee_id,
        lambda number, name, value, *, actor, at: owners.assign(number, person(value), actor=actor, at=at),
        lambda tickets, name, value, *, actor, at: owners.assign_many(tickets, person(value), actor=actor, at=at),
    ),
    "priority": Trait(
        gettext_lazy("priority"),
        lambda ticket, name: ticket.priority,
        lambda number, name, value, *, actor, at: agent_actions.prioritize(number, value, actor=actor, at=at),
        lambda tickets, name, value, *, actor, at: bulk.prioritize(tickets, value, actor=actor, at=at),
    ),
    "tag": Trait(
        gettext_lazy("tag"),
        lambda ticket, name: name in ticket.tags,
        _put_tag,
        bulk.tag,
    ),
    STATUS: Trait(
        gettext_lazy("status"),
        lambda ticket, name: [ticket.status, ticket.waiting_for, ticket.outcome, ticket.reason],
        _put_status,
    ),
    "snoozed": Trait(
        gettext_lazy("snooze"),
        lambda ticket, name: ticket.snoozed_until and ticket.snoozed_until.isoformat(),
        lambda number, name, value, *, actor, at: snooze_action.put_back(number, value, actor=actor, at=at),
    ),
    "follower": Trait(
        gettext_lazy("follower"),
        lambda ticket, name: Follower.objects.filter(ticket=ticket, user=name).exists(),
        _put_follower,
    ),
}
