"""Requests that were closed by hand over steps of theirs: what they hold (a device, a number) is let go by those steps alone.

Since decision 0276 no request is closed so; those of before are found here, and reopened.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from classound.models import EmergencyLocation, PortingChange, SpecialNumber
from hwaas.models import Rma
from tickets.models import Event, Ticket
from tickets.services.lifecycle import NotNow, lock, move, record
from tickets.types import kind_of

S, E = Ticket.Status, Ticket.Execution


def left(ticket):
    """The steps that are left of a ticket that is over; [] where none are, and for a ticket that runs: it shows them itself."""
    if not ticket.is_over or ticket.execution != E.DONE or ticket.merged_into_id:
        return []
    return kind_of(ticket).steps(ticket)


def found():
    """Every (ticket, its steps) of which steps are left, the oldest first."""
    rows = (
        Rma.objects.exclude(state__in=Rma.OVER),
        EmergencyLocation.objects.filter(status__in=EmergencyLocation.OPEN),
        PortingChange.objects.filter(outcome=""),
        SpecialNumber.objects.filter(decision=SpecialNumber.Decision.REQUESTED),
    )
    sources = {source for some in rows for source in some.filter(source__startswith="ticket:").values_list("source", flat=True)}
    numbers = {source.split(":")[1] for source in sources}
    over = Ticket.objects.filter(pk__in=numbers, status__in=(S.SOLVED, S.CLOSED)).select_related("partner").order_by("pk")
    return [(ticket, steps) for ticket in over if (steps := left(ticket))]


@transaction.atomic
def reopen(number, *, at, actor=None):
    """Open the ticket again, a closed one too, so that its steps can be taken. Raises NotNow. Returns the ticket."""
    ticket = lock(number)
    if not left(ticket):
        raise NotNow(_("No step of this request is left."))
    if ticket.status == S.CLOSED:
        ticket.status = S.SOLVED  # from where tickets are reopened; a closed one goes on nowhere else
    move(ticket, S.OPEN, at=at)
    record(ticket, Event.Kind.REOPENED, actor=actor, at=at)
    return ticket
