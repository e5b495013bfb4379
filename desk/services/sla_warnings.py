"""SLA-7: before a ticket's clock runs out, warn its owner, or the team leads if it has none, and only during support hours."""

from django.db import transaction
from django.db.models import F, Q

from desk.models import Notice
from desk.services import owners
from desk.services.notices import notice, notify_all
from tickets import sla
from tickets.models import Ticket
from tickets.models.ticket import RUNNING
from tickets.services import clocks

SLICE = 200


def warn(*, at):
    """Warn about a slice of the tickets of each region that are due soon. Return the number of tickets."""
    promised = clocks.promises(at)
    ahead = promised.book.value("sla.notice_minutes") * sla.UNITS["minute"]
    regions = {}
    for region, calendar in promised.calendars.items():
        if calendar.is_open(at):
            regions.setdefault(sla.due(calendar, at, ahead), []).append(region)
    return sum(_warn(Q(partner__region__in=names, due_at__gt=at - ahead, due_at__lte=until), at) for until, names in regions.items())


@transaction.atomic
def _warn(soon, at):
    """Warn about these tickets, including those that became overdue while the worker was down."""
    untold = Ticket.objects.filter(RUNNING, soon).exclude(warned_for=F("due_at")).order_by("due_at", "number")
    rows = list(untold.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("partner", "assignee")[:SLICE])
    if not rows:
        return 0
    notify_all(
        notice(
            person, Notice.Kind.DUE, f"due:{ticket.pk}:{ticket.due_at:%Y%m%d%H%M%S}", ticket=ticket, text=ticket.due_at.isoformat(), at=at
        )
        for ticket, people in owners.responsible(rows, at=at)
        for person in people
    )
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in rows]).update(warned_for=F("due_at"))
    return len(rows)
