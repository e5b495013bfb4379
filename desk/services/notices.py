"""Notices to staff: each piece of news once per person, however often it is sent; and which notices have been read."""

from django.db import transaction
from django.utils.translation import gettext as _

from desk.models import Notice


def notify(user, kind, key, *, ticket=None, text="", at):
    """Notify `user`; `key` identifies the news, so that it is sent once. Return whether it was new."""
    return notify_all([notice(user, kind, key, ticket=ticket, text=text, at=at)]) == 1


def notice(user, kind, key, *, ticket=None, text="", at, event=None):
    """Return the unsaved Notice that `notify` would save, for `notify_all`."""
    return Notice(user=user, kind=kind, key=key[:120], ticket=ticket, event=event, text=str(text)[:300], at=at)


def notify_owner(tickets, owner, *, by, at):
    """Notify `owner` of tickets that somebody else assigned to them: one notice, however many tickets. Return the number of notices."""
    if not tickets or owner is None or owner == by:
        return 0
    first, key = tickets[0], f"assigned:{tickets[0].pk}:{at.isoformat()}"
    if len(tickets) == 1:
        return notify(owner, Notice.Kind.ASSIGNED, key, ticket=first, text=_("by %(name)s") % {"name": by} if by else "", at=at)
    text = _("%(count)s tickets, including #%(number)s") % {"count": len(tickets), "number": first.pk}
    return notify(owner, Notice.Kind.ASSIGNED, key, text=text, at=at)


def notify_all(notices):
    """Save many notices at once, leaving existing ones as they are. Return the number of new ones."""
    rows = list(notices)
    if not rows:
        return 0
    known = set(Notice.objects.filter(user__in={n.user_id for n in rows}, key__in={n.key for n in rows}).values_list("user", "key"))
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len({(n.user_id, n.key) for n in rows} - known)


@transaction.atomic
def read(user, notices, *, at):
    """Mark the notices with these keys as read."""
    Notice.objects.filter(user=user, read_at=None, pk__in=notices).update(read_at=at)


@transaction.atomic
def read_about(user, ticket, *, until, at):
    """Mark the notices about a ticket (its key) up to `until` (a notice's key) as read; later ones stay unread."""
    unread(user, ticket).filter(pk__lte=until or 0).update(read_at=at)


def unread(user, ticket):
    """Return this person's unread notices about a ticket (its key)."""
    return Notice.objects.filter(user=user, read_at=None, ticket=ticket)
