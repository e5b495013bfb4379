"""The steps of a return after it was opened (HW-3): labels where they are e-mailed, shipping, and the arrival of each device."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hwaas.models import Device, Rma
from hwaas.services import advance, take_back
from tickets.base import GiveUpForm, ItemState, Milestone, ReturnSheet, Step, abandoned, done, waits

State = Rma.State
TONES = {State.RETURNED: "ok", State.IN_TRANSIT: "info"}


def rmas_of(ticket, *, lock=False):
    """Return the RMAs of a ticket's devices, ordered by serial number."""
    rmas = Rma.objects.filter(source__startswith=f"{ticket.source}:").select_related("device__item").order_by("device__serial")
    return list(rmas.select_for_update(no_key=True, of=("self", "device")) if lock else rmas)


def _is_over(rma):
    """Return whether nothing is left to arrive: the device is back, given up, or reported lost by its partner (HW-4)."""
    return rma.state in Rma.OVER or rma.device.state == Device.State.LOST


def source_of(ticket, device):
    """Return the `source` that makes the return of one device unique."""
    return f"{ticket.source}:{device.serial}"


def steps(ticket):
    """Return the open steps, depending on the state of the devices that are not back yet."""
    rmas = rmas_of(ticket)
    coming = [rma for rma in rmas if not _is_over(rma)]
    if not coming:
        left = any(rma.state not in Rma.OVER for rma in rmas)
        return [Step("none_left", _("Close the return"), "agent", end, button=_("Nothing left to arrive"))] if left else []
    labels = Step("labels_sent", _("Send the return labels"), "agent", send_labels, button=_("Mark as sent"))
    count = len(coming)
    posted = ngettext("Send us the device", "Send us the devices", count)
    handed_over = ngettext("Hand the device over", "Hand the devices over", count)
    on_the_way = ngettext("The device is on its way", "The devices are on their way", count)
    shipped = Step("shipped", posted if coming[0].with_labels else handed_over, "partner", ship, button=on_the_way, sheet=True)
    title = ngettext("Receive the device", "Receive devices", count)
    received = Step("received", title, "agent", take_in, arrival_form(coming), _("Mark as arrived"))
    given_up = Step("given_up", _("Close without the missing devices"), "agent", give_up, GiveUpForm, _("Close the return"), aside=True)
    if coming[0].state == State.OPENED and coming[0].with_labels:
        return [labels, given_up]
    return [received, given_up] if coming[0].state == State.IN_TRANSIT else [shipped, received, given_up]


def arrival_form(coming):
    """Return the form for ticking the devices that have arrived."""
    choices = [(rma.device.serial, rma.device.serial) for rma in coming]
    serials = forms.MultipleChoiceField(
        label=_("Arrived devices"), choices=choices, initial=[serial for serial, _label in choices], widget=forms.CheckboxSelectMultiple
    )
    return type("ArrivalForm", (forms.Form,), {"serials": serials})


def send_labels(ticket, cleaned, *, today):
    """Record that the agent has e-mailed the return labels."""
    for rma in rmas_of(ticket, lock=True):
        if not _is_over(rma):
            advance(rma, State.LABELS_SENT)
    return waits("partner", _("We have e-mailed you the return labels. Put them on the boxes and send the boxes to our local office."))


def ship(ticket, cleaned, *, today):
    """Record that the partner has sent the devices."""
    coming = [rma for rma in rmas_of(ticket, lock=True) if not _is_over(rma)]
    for rma in coming:
        advance(rma, State.IN_TRANSIT)
    return waits("warehouse", ngettext("The device is on its way to us.", "The devices are on their way to us.", len(coming)))


def take_in(ticket, cleaned, *, today):
    """Record arrived devices and end their service. The request is done once the last one has arrived."""
    rmas = rmas_of(ticket, lock=True)
    arrived = [rma for rma in rmas if rma.device.serial in cleaned["serials"] and not _is_over(rma)]
    for rma in arrived:
        take_back(rma)
    note = _("Arrived, so the service has ended: %(serials)s.") % {"serials": ", ".join(rma.device.serial for rma in arrived)}
    coming = [rma for rma in rmas if not _is_over(rma)]
    if not coming:
        _end_open(rmas)
        return done(note)
    return waits("warehouse" if coming[0].state == State.IN_TRANSIT else "partner", note)


def _end_open(rmas):
    """Close the open RMAs, so that devices that did not arrive can be requested again."""
    for rma in rmas:
        if rma.state not in Rma.OVER:
            advance(rma, State.GIVEN_UP)


def give_up(ticket, cleaned, *, today):
    """Give up on devices that did not arrive: their service continues (HW-3) and they can be requested again."""
    rmas = rmas_of(ticket, lock=True)
    missing = [rma.device for rma in rmas if not _is_over(rma)]
    _end_open(rmas)
    text = _("Not returned, so the service continues: %(serials)s. %(why)s")
    if any(device.state != Device.State.IN_USE for device in missing):  # the service ended with a PBX
        text = _("Not returned: %(serials)s. %(why)s")
    note = text % {"serials": ", ".join(device.serial for device in missing), "why": cleaned["why"]}
    return done(note) if any(rma.state == State.RETURNED for rma in rmas) else abandoned(note)


def end(ticket, cleaned, *, today):
    """Close the return after the last expected device was reported lost (HW-4)."""
    _end_open(rmas_of(ticket, lock=True))
    return done(_("No more devices are expected from this return."))


def item_states(ticket):
    """Return the status of each device."""
    lost = Device.State.LOST
    return [
        ItemState(rma.device.serial, lost, str(lost.label).capitalize(), "bad")
        if rma.device.state == lost
        else ItemState(rma.device.serial, rma.state, _state(rma), TONES.get(rma.state, "warn"))
        for rma in rmas_of(ticket)
    ]


def _state(rma):
    """Return the state of a device's RMA in the words of the tracker."""
    return str(_("RMA open") if rma.state == State.OPENED else rma.get_state_display().capitalize())


def return_sheet(ticket):
    """Return the sheet for the boxes (HW-3) while devices are to be sent or on their way, otherwise None."""
    coming = [] if ticket.is_over else [rma for rma in rmas_of(ticket) if not _is_over(rma)]
    if not coming or (coming[0].with_labels and coming[0].state == State.OPENED):
        return None
    devices = tuple((rma.device.serial, rma.device.item.name) for rma in coming)
    return ReturnSheet(devices, "label") if coming[0].with_labels else ReturnSheet(devices, "pickup", coming[0].delivery_address)


def milestones(ticket):
    """Return the milestones of the tracker."""
    back = Milestone(_("Taken back"), "step", "received", at_last=True)
    return way_back(ticket, Milestone(_("On the way to us"), "step", "shipped"), back)


def way_back(ticket, *further):
    """Return the milestones of an RMA, ending with `further`; labels only if the verdict promised them. No query: lists call it per row."""
    with_labels = any(finding["rule"] == "HW-3" and finding["policy"] for finding in ticket.verdict["findings"])
    labels = (Milestone(_("Labels sent"), "step", "labels_sent"),) if with_labels else ()
    return Milestone(_("Submitted"), "submitted"), Milestone(_("RMA open"), "applied"), *labels, *further
