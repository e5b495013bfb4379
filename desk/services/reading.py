"""Notices are read: by the one they are for, and only those that were on the page."""

from django.db import transaction

from desk.models import Notice


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
