"""What the staff are told: each piece of news once a person, however often it is asked for; and what of it is read."""

from django.db import transaction
from django.utils.translation import gettext as _

from desk.models import Notice


def notify(user, kind, key, *, ticket=None, text="", at):
    """Tell `user` something; `key` makes it one notice. Returns whether it was new."""
    return notify_all([notice(user, kind, key, ticket=ticket, text=text, at=at)]) == 1


def notice(user, kind, key, *, ticket=None, text="", at, event=None):
    """The Notice that notify would keep, for notify_all."""
    return Notice(user=user, kind=kind, key=key[:120], ticket=ticket, event=event, text=str(text)[:300], at=at)


def owned(tickets, owner, *, by, at):
    """Tell `owner` of the tickets that somebody gave them, many at once as one piece of news; nobody is told of what one took oneself."""
    if not tickets or owner is None or owner == by:
        return 0
    first, key = tickets[0], f"assigned:{tickets[0].pk}:{at.isoformat()}"
    if len(tickets) == 1:
        return notify(owner, Notice.Kind.ASSIGNED, key, ticket=first, text=_("by %(name)s") % {"name": by} if by else "", at=at)
    text = _("%(count)s tickets are yours: #%(number)s and others") % {"count": len(tickets), "number": first.pk}
    return notify(owner, Notice.Kind.ASSIGNED, key, text=text, at=at)


def notify_all(notices):
    """Keep many notices at once; those that are there already stay as they are. Returns how many are new."""
    rows = list(notices)
    if not rows:
        return 0
    known = set(Notice.objects.filter(user__in={n.user_id for n in rows}, key__in={n.key for n in rows}).values_list("user", "key"))
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len({(n.user_id, n.key) for n in rows} - known)


@transaction.atomic
def read(user, notices, *, at):
    """Mark these notices (their keys) as read."""
    Notice.objects.filter(user=user, read_at=None, pk__in=notices).update(read_at=at)


@transaction.atomic
def read_about(user, ticket, *, until, at):
    """Mark those about a ticket (its key) as read, up to one of them; what came meanwhile stays unread."""
    unread(user, ticket).filter(pk__lte=until or 0).update(read_at=at)


def unread(user, ticket):
    """What this person was told about a ticket (its key) and has not read."""
    return Notice.objects.filter(user=user, read_at=None, ticket=ticket)
