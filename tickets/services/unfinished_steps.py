"""Requests that were closed manually despite open steps: only those steps release what they hold (a device, a number).

Since decision 0276 this cannot happen any more; older ones are found here and reopened.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from classound.models import EmergencyLocation, PortingChange, SpecialNumber
from hwaas.models import Rma
from tickets.models import Event, Ticket
from tickets.services.lifecycle import NotNow, lock, move, record
from tickets.types import kind_of

S, E = Ticket.Status, Ticket.Execution


def remaining(ticket):
    """Return the open steps of a ticket that is over; [] if there are none, and for running tickets, which show them anyway."""
    if not ticket.is_over or ticket.execution != E.DONE or ticket.merged_into_id:
        return []
    return kind_of(ticket).steps(ticket)


def find_all():
    """Return [(ticket, open steps)] of all such tickets, oldest first."""
    rows = (
        Rma.objects.exclude(state__in=Rma.OVER),
        EmergencyLocation.objects.filter(status__in=EmergencyLocation.OPEN),
        PortingChange.objects.filter(outcome=""),
        SpecialNumber.objects.filter(decision=SpecialNumber.Decision.REQUESTED),
    )
    sources = {source for some in rows for source in some.filter(source__startswith="ticket:").values_list("source", flat=True)}
    numbers = {source.split(":")[1] for source in sources}
    over = Ticket.objects.filter(pk__in=numbers, status__in=(S.SOLVED, S.CLOSED)).select_related("partner").order_by("pk")
    return [(ticket, steps) for ticket in over if (steps := remaining(ticket))]


@transaction.atomic
def reopen(number, *, at, actor=None):
    """Reopen the ticket, even a closed one, so that its steps can be taken. Raise NotNow. Return the ticket."""
    ticket = lock(number)
    if not remaining(ticket):
        raise NotNow(_("This request has no open steps."))
    if ticket.status == S.CLOSED:
        ticket.status = S.SOLVED  # tickets are reopened from solved; the table has no way out of closed
    move(ticket, S.OPEN, at=at)
    record(ticket, Event.Kind.REOPENED, actor=actor, at=at)
    return ticket
