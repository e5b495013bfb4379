"""Who follows a ticket besides its requester and owner."""

from django.db import transaction

from tickets.models import Follower
from tickets.services.lifecycle import lock


@transaction.atomic
def follow(number, user, *, actor, at):
    """Have somebody follow the ticket."""
    ticket = lock(number)
    Follower.objects.get_or_create(ticket=ticket, user=user, defaults={"added_by": actor, "at": at})


@transaction.atomic
def unfollow(number, user):
    """Have somebody follow it no more."""
    Follower.objects.filter(ticket=lock(number), user=user).delete()
