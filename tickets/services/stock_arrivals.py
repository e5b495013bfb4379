"""Replacements that wait for a new device return to the care team once one is in stock (HW-10, docs/decisions/0411)."""

from collections import defaultdict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hwaas.models import Device, Rma
from tickets.models import Event, Ticket
from tickets.models.ticket import RUNNING
from tickets.services.lifecycle import claim, move, record

S, K = Ticket.Status, Event.Kind


@transaction.atomic
def hand_back_supplied(*, at):
    """Return to the care team as many requests as there are new devices for, the oldest first. One query while none waits for stock.

    A ticket that somebody put on hold by hand stays there; one that is locked follows next time.
    """
    wants = (Rma.Replacement.NEW, Rma.Replacement.WAIT)
    arrived = Rma.objects.filter(state__in=(Rma.State.RECEIVED, Rma.State.WAITING_STOCK), wants__in=wants)
    arrived = arrived.filter(device__state=Device.State.IN_USE, device__item__stock__gt=0)
    of_item, waited_for = defaultdict(list), set()
    for source, state, item, stock in arrived.order_by("pk").values_list("source", "state", "device__item", "device__item__stock"):
        of_item[item].append(int(source.removeprefix("ticket:")))
        if state == Rma.State.WAITING_STOCK:
            waited_for.add((item, stock))
    for item, stock in sorted(waited_for):
        status = dict(Ticket.objects.filter(RUNNING, pk__in=of_item[item]).order_by("pk").values_list("pk", "status"))
        held = [number for number in status if status[number] == S.ON_HOLD]
        left = stock - (len(status) - len(held))  # for the others a device can be sent already
        for number in held:
            if left > 0 and _hand_back(number, at):
                left -= 1


def _hand_back(number, at):
    ticket = claim(number)
    if ticket is None or ticket.status != S.ON_HOLD or not _is_held_by_its_step(ticket):
        return False
    move(ticket, S.OPEN, at=at)
    record(ticket, K.STEP, at=at, body=_("A new device is in stock. The care team acts next."), step="in_stock")
    return True


def _is_held_by_its_step(ticket):
    """Return whether the ticket is on hold because of the last step, not because somebody put it there afterwards."""
    moved = Q(kind=K.STEP) | Q(kind=K.STATUS, data__field="status")
    return ticket.events.filter(moved).order_by("pk").values_list("kind", flat=True).last() == K.STEP
