"""Notices are read: by the one they are for, and only those that were on the page."""

from django.db import transaction

from desk.models import Notice


@transaction.atomic
def read(user, *, at, notice=None, until=None):
    """Mark one notice (its key) as read, or all up to one (`until`), so that what came meanwhile stays unread. Returns how many."""
    mine = Notice.objects.filter(user=user, read_at=None)
    return (mine.filter(pk=notice) if notice else mine.filter(pk__lte=until or 0)).update(read_at=at)
