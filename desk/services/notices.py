"""What the staff are told: each piece of news once a person, however often it is asked for."""

from desk.models import Notice


def notify(user, kind, key, *, ticket=None, text="", at, event=None):
    """Tell `user` something; `key` makes it one notice. Returns whether it was new."""
    return notify_all([notice(user, kind, key, ticket=ticket, text=text, at=at, event=event)]) == 1


def notice(user, kind, key, *, ticket=None, text="", at, event=None):
    """The Notice that notify would keep, for notify_all."""
    return Notice(user=user, kind=kind, key=key[:120], ticket=ticket, event=event, text=str(text)[:300], at=at)


def notify_all(notices):
    """Keep many notices at once; those that are there already stay as they are. Returns how many are new."""
    rows = list(notices)
    if not rows:
        return 0
    known = set(Notice.objects.filter(user__in={n.user_id for n in rows}, key__in={n.key for n in rows}).values_list("user", "key"))
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len({(n.user_id, n.key) for n in rows} - known)
