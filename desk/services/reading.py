"""Notices are read: by the one they are for, and only those that were on the page."""

from django.db import transaction

from desk.models import Notice


@transaction.atomic
def read(user, *, at, notice=None, until=None, ticket=None):
    """Mark one notice (its key) as read, or those up to one (`until`), of one `ticket` or of all; what came meanwhile stays unread."""
    mine = unread(user, ticket) if ticket else Notice.objects.filter(user=user, read_at=None)
    return (mine.filter(pk=notice) if notice else mine.filter(pk__lte=until or 0)).update(read_at=at)


def unread(user, ticket):
    """What this person was told about a ticket (its key) and has not read."""
    return Notice.objects.filter(user=user, read_at=None, ticket=ticket)
