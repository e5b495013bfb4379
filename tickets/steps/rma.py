"""The steps of an RMA after it was opened (HW-3, HW-10): labels, shipping, arrival, the partner's choice, the replacement."""

from copy import copy

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from hwaas.models import Device, Rma
from hwaas.rules import return_address
from hwaas.services import OutOfStock, advance, choose, receive, replace_device
from tickets.base import GiveUpForm, Milestone, ReturnSheet, Step, abandoned, done
from tickets.steps import rma_delivery
from tickets.steps.returns import way_back
from tickets.steps.rma_delivery import follows, rma_of

State = Rma.State


class ChoiceForm(forms.Form):
    replacement = forms.ChoiceField(
        label=_("No new device is in stock. What do you prefer?"),
        choices=[(Rma.Replacement.REFURBISHED, _("A refurbished device now")), (Rma.Replacement.WAIT, _("Wait for a new device"))],
        widget=forms.RadioSelect,
    )


class ReplacementForm(forms.Form):
    serial = forms.RegexField(
        label=_("Serial number of the replacement"),
        regex=r"^[A-Za-z0-9\-]{4,40}$",
        error_messages={"invalid": _("A serial number has 4 to 40 letters, digits or hyphens.")},
    )

    def clean_serial(self):
        serial = self.cleaned_data["serial"].upper()
        if Device.objects.filter(serial__in={serial, self.cleaned_data["serial"]}).exists():
            raise ValidationError(_("There is already a device with serial number %(serial)s."), params={"serial": serial})
        return serial


def steps(ticket):
    """Return the open steps and who takes them, depending on the state of the RMA."""
    rma = rma_of(ticket)
    if rma is None or rma.state in Rma.OVER:
        return []
    if rma.device.state != Device.State.IN_USE:
        return [Step("service_ended", _("The service has ended"), "agent", end, button=_("Close without a replacement"))]
    labels = Step("labels_sent", _("Send the return labels"), "agent", send_labels, button=_("Mark as sent"))
    shipped = Step("shipped", _("Send us the device"), "partner", ship, button=_("The device is on its way"), sheet=True)
    received = Step("received", _("Receive the device"), "agent", take_in, button=_("Mark as arrived"))
    choice = Step("choose", _("Choose the replacement"), "partner", take_choice, ChoiceForm, _("Choose"))
    instead = Step(
        "refurbished", _("Take a refurbished device instead"), "partner", take_refurbished, button=_("Send me a refurbished device now")
    )
    sold_out = Step("sold_out", _("No new device left"), "agent", let_choose, button=_("Let the partner choose"))
    dispatch = Step("dispatch", _("Send the replacement"), "agent", send_replacement, replacement_form(rma), _("Mark as sent"))
    way = {
        State.OPENED: [labels] if rma.with_labels else [shipped, received],
        State.LABELS_SENT: [shipped, received],
        State.IN_TRANSIT: [received],
        State.RECEIVED: [sold_out, dispatch] if rma.wants == Rma.Replacement.NEW and not rma.device.item.stock else [dispatch],
        State.CHOICE: [choice],
        State.WAITING_STOCK: [dispatch] if rma.device.item.stock else [instead, dispatch],
    }.get(rma.state, [])
    priced = rma_delivery.steps(ticket, rma)
    given_up = Step("given_up", _("Close without a replacement"), "agent", give_up, GiveUpForm, _("Close the RMA"), aside=True)
    return [*(step for step in way if not (priced and step is dispatch)), *priced, given_up]


def replacement_form(rma):
    """Return the form for the replacement's serial number; for a new device it shows how many are in stock."""
    if rma.wants == Rma.Replacement.REFURBISHED:
        return ReplacementForm
    stock = rma.device.item.stock
    left = ngettext_lazy("%(n)s new device is in stock.", "%(n)s new devices are in stock.", stock) % {"n": stock}
    serial = copy(ReplacementForm.base_fields["serial"])
    serial.help_text = left if stock else _("No new device is in stock. You can send one once stock has been booked in.")
    return type("NewReplacementForm", (ReplacementForm,), {"serial": serial})


def return_sheet(ticket, *, book):
    """Return the sheet for the parcel (HW-3) while the device is to be sent or on its way, otherwise None."""
    rma = None if ticket.is_over else rma_of(ticket)
    if rma is None or rma.state not in rma.SENDING or (rma.with_labels and rma.state == State.OPENED):
        return None
    devices = ((rma.device.serial, rma.device.item.name),)
    if rma.with_labels:
        return ReturnSheet(devices, "label")
    return ReturnSheet(devices, "post", return_address(ticket.partner.region, book=book))


def milestones(ticket):
    """Return the milestones of the tracker."""
    return way_back(
        ticket,
        Milestone(_("On its way to us"), "step", "shipped"),
        Milestone(_("Arrived"), "step", "received"),
        Milestone(_("Replacement sent"), "step", "dispatch"),
    )


def moved_to(state, note):
    """Return the effect of a step that only moves the RMA to this state."""

    def run(ticket, cleaned, *, today):
        rma = rma_of(ticket, lock=True)
        advance(rma, state)
        return follows(rma, note)

    return run


send_labels = moved_to(
    State.LABELS_SENT, _("We have e-mailed you the return labels. Put them on the boxes and send the boxes to our local office.")
)
ship = moved_to(State.IN_TRANSIT, _("The device is on its way to us."))
let_choose = moved_to(State.CHOICE, _("The last new device is no longer available."))  # it went elsewhere after the arrival (HW-10)


def take_in(ticket, cleaned, *, today):
    """Record that the device has arrived; what follows depends on the stock."""
    rma = rma_of(ticket, lock=True)
    receive(rma)
    return follows(rma, _("The device has arrived."))


def take_refurbished(ticket, cleaned, *, today):
    """Record that the partner, waiting for a new device, takes a refurbished one after all (HW-10)."""
    return take_choice(ticket, {"replacement": Rma.Replacement.REFURBISHED}, today=today)


def take_choice(ticket, cleaned, *, today):
    """Record the partner's choice between a refurbished device and waiting."""
    rma = rma_of(ticket, lock=True)
    choose(rma, cleaned["replacement"])
    return follows(rma, _("Chosen: %(choice)s.") % {"choice": rma.get_wants_display()})


def send_replacement(ticket, cleaned, *, today):
    """Record that the replacement was sent; it takes the device's place. Raise ValidationError without stock."""
    rma = rma_of(ticket, lock=True)
    if rma.device.state != Device.State.IN_USE:
        raise ValidationError(_("The service of %(serial)s has ended, so it cannot be replaced."), params={"serial": rma.device.serial})
    try:
        replacement = replace_device(rma, cleaned["serial"], today=today)
    except OutOfStock:
        raise ValidationError(_("No new %(item)s is in stock. Book in the stock first.") % {"item": rma.device.item.name}) from None
    note = _("%(new)s has been sent and replaces %(old)s.") % {"new": replacement.serial, "old": rma.device.serial}
    return follows(rma, note)


def end(ticket, cleaned, *, today):
    """Close the RMA because the service ended with its PBX or by a loss: nothing is sent, nothing is charged (HW-3, HW-4, COM-4).

    A device that was neither lost nor has arrived is asked back.
    """
    rma = rma_of(ticket, lock=True)
    _close(rma)
    note = _("The service of %(serial)s has ended, so we will not send a replacement.") % {"serial": rma.device.serial}
    if rma.device.state != Device.State.LOST and rma.state == State.GIVEN_UP:
        note += " " + _("If you still have the device, please send it back.")
    return done(note)


def _close(rma):
    advance(rma, State.RETURNED if rma.state in Rma.ARRIVED else State.GIVEN_UP)


def give_up(ticket, cleaned, *, today):
    """Close the RMA because the device did not arrive or a different one did. It can be requested again; nothing is charged."""
    rma = rma_of(ticket, lock=True)
    _close(rma)
    note = _("The RMA of %(serial)s has been closed without a replacement: %(why)s")
    return abandoned(note % {"serial": rma.device.serial, "why": cleaned["why"]})
