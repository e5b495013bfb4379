"""ORG-1: whoever looks after a move is notified when a party's confirmation link has expired unanswered (docs/decisions/0398)."""

from datetime import timedelta

from desk.models import Notice
from desk.services import owners
from desk.services.notices import notice, notify_all
from tickets.services.consents import awaited

BACK = timedelta(days=7)  # the worker may have been down for long; each link is told of once
SLICE = 200


def notify(*, at):
    """Notify of links that have expired lately while their tickets wait for the parties. Return the number of new notices."""
    expired = awaited().filter(expires_at__gt=at - BACK, expires_at__lte=at)
    rows = list(expired.select_related("ticket__assignee").order_by("expires_at", "pk")[:SLICE])
    if not rows:
        return 0
    people = dict(owners.responsible([row.ticket for row in rows], at=at))
    return notify_all(
        notice(person, Notice.Kind.EXPIRED, f"expired:{row.pk}:{row.expires_at:%Y%m%d%H%M%S}", ticket=row.ticket, text=row.name, at=at)
        for row in rows
        for person in people[row.ticket]
    )
