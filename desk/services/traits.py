"""What of a ticket is changed by actions and can be put back: each trait is read as plain JSON, and set.

A key names a trait and, after a colon, what of it: "assignee", "priority", "status", "snoozed", "tag:urgent", "follower:12".
"""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.services import owners, snoozes
from partners.models import User
from tickets.models import Follower, Ticket
from tickets.services import clocks, desk, followers, many, tags
from tickets.services.lifecycle import TRANSITIONS, NotNow, lock, record_change

S = Ticket.Status
STATUS = "status"


class Trait(NamedTuple):
    """`read(ticket, name)`; `put(number, name, value, actor=, at=)`; `put_many(tickets, …)` where many can be set at once."""

    label: str
    read: Callable
    put: Callable
    put_many: Callable | None = None


def read(ticket, key):
    """What the ticket is like in this respect now."""
    trait, name = _of(key)
    return trait.read(ticket, name)


def whole(ticket, key):
    """The same with what changes along with it: to be kept, and to be put back as long as nothing has happened to it (`is_untouched`)."""
    value = read(ticket, key)
    return [*value, clocks.kept(ticket)] if key == STATUS else value


def plain(key, value):
    """What `read` gives of what is `whole`."""
    return value[:4] if key == STATUS else value


def is_untouched(key, now, after):
    """Whether what changes along with a trait is what it was after the change: a message may have met a clock, or begun one."""
    return key != STATUS or (len(after) == len(now) and all(now[4][column] == after[4].get(column) for column in clocks.MET))


def put(number, key, value, *, actor, at):
    """Make the ticket so. Raises NotNow."""
    trait, name = _of(key)
    trait.put(number, name, value, actor=actor, at=at)


def put_many(tickets, key, value, *, actor, at):
    """Make locked tickets so, all at once; gives those that were changed."""
    trait, name = _of(key)
    return trait.put_many(tickets, name, value, actor=actor, at=at)


def sets_many(key):
    """Whether many tickets can be made so at once."""
    return _of(key)[0].put_many is not None


def label(key):
    """The trait in words: "owner", "tag urgent"."""
    trait, name = _of(key)
    return f"{trait.label} {name}".strip() if key.startswith("tag:") else str(trait.label)


def person(pk):
    """The member of staff with this key, who may be gone: NotNow."""
    found = pk and User.objects.care().filter(pk=pk).first()
    if pk and not found:
        raise NotNow(_("This colleague is not here any more."))
    return found or None


def _of(key):
    trait, _colon, name = key.partition(":")
    return TRAITS[trait], name


def _put_status(number, name, value, *, actor, at):
    """Back into a status, over "open" where there is no direct way.

    With the clocks that were kept: what was taken back was no answer, no solution and no return, and reports count none. Where they
    cannot be, because somebody has said something, what was new is open.
    """
    status, waiting_for, outcome, reason, *kept = value
    with_it = {"waiting_for": waiting_for, "outcome": outcome, "reason": reason}
    now, by_table = Ticket.objects.values_list("status", flat=True).get(pk=number), S.OPEN if status == S.NEW else status
    if now != by_table and by_table not in TRANSITIONS[now]:
        desk.set_status(number, S.OPEN, actor=actor, at=at)
    desk.set_status(number, by_table, actor=actor, at=at, **with_it)
    if kept:
        _as_if_never(lock(number), status, *kept, actor=actor, at=at)


def _as_if_never(ticket, status, kept, *, actor, at):
    """Only to "new" there is no way in the table: nobody had begun with the ticket (services.merging does the same)."""
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
        lambda number, name, value, *, actor, at: desk.prioritize(number, value, actor=actor, at=at),
        lambda tickets, name, value, *, actor, at: many.prioritize(tickets, value, actor=actor, at=at),
    ),
    "tag": Trait(
        gettext_lazy("tag"),
        lambda ticket, name: name in ticket.tags,
        _put_tag,
        many.tag,
    ),
    STATUS: Trait(
        gettext_lazy("status"),
        lambda ticket, name: [ticket.status, ticket.waiting_for, ticket.outcome, ticket.reason],
        _put_status,
    ),
    "snoozed": Trait(
        gettext_lazy("snooze"),
        lambda ticket, name: ticket.snoozed_until and ticket.snoozed_until.isoformat(),
        lambda number, name, value, *, actor, at: snoozes.put_back(number, value, actor=actor, at=at),
    ),
    "follower": Trait(
        gettext_lazy("follower"),
        lambda ticket, name: Follower.objects.filter(ticket=ticket, user=name).exists(),
        _put_follower,
    ),
}
