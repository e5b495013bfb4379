"""Notify staff at the desk of messages on the tickets they follow."""

from datetime import datetime, timedelta

from django.core.cache import cache

from desk.models import Notice
from desk.services.notices import notice, notify_all
from partners.models import User
from tickets.models import Event, Ticket

K = Event.Kind
NEWS = (K.MESSAGE, K.ATTACHED, K.QUESTION, K.ANSWERED, K.REJECTED, K.APPLIED, K.WITHDRAWN)
BACK = timedelta(minutes=30)  # how far each run looks back before the previous one; repeated news is sent once
LAST = "followers-told"  # cache key of the previous run: the worker may have been down for longer, or the clock put forward


def notify_followers(*, at):
    """Write the notices that followers are owed for recent events. Return the number of new ones. Safe to repeat at any time.

    Reads only tickets that have changed since, by the index on the latest changes.
    """
    last = cache.get(LAST)
    since = min(at, datetime.fromisoformat(last) if last else at) - BACK
    followed = Ticket.objects.filter(updated_at__gte=since, followers__user__in=User.objects.staff())
    events = Event.objects.filter(ticket__in=followed.values("pk"), at__gte=since, kind__in=NEWS).select_related("actor")
    new = notify_all(
        notice(follower.user, Notice.Kind.ANSWER, f"followed:{event.pk}", ticket=event.ticket, event=event, text=_text(event), at=event.at)
        for event in events.prefetch_related("ticket__followers__user")
        for follower in event.ticket.followers.all()
        if follower.user.is_care and follower.user.is_active and follower.user_id != event.actor_id and follower.at <= event.at
    )
    cache.set(LAST, at.isoformat(), timeout=None)
    return new


def _text(event):
    """Return who wrote what; for an event without a text, what happened."""
    what = event.body or str(event.get_kind_display())
    return f"{event.actor}: {what}" if event.actor else what
