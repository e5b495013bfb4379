"""The steps of a return after it was opened (HW-3): labels where they are mailed, shipping, arrival device by device."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hwaas.models import Device, Rma
from hwaas.services import advance, take_back
from tickets.base import GiveUpForm, Milestone, ReturnSheet, Standing, Step, came_to_nothing, done, waits

State = Rma.State
TONES = {State.RETURNED: "ok", State.IN_TRANSIT: "info"}


def rmas_of(ticket, *, lock=False):
    """The RMAs of a ticket's devices, in the order of their serial numbers."""
    rmas = Rma.objects.filter(source__startswith=f"{ticket.source}:").select_related("device__item").order_by("device__serial")
    return list(rmas.select_for_update(no_key=True, of=("self", "device")) if lock else rmas)


def _is_over(rma):
    """Whether nothing comes any more: it is back or given up, or its partner has reported it lost (HW-4)."""
    return rma.state in Rma.OVER or rma.device.state == Device.State.LOST


def source_of(ticket, device):
    """The cause that makes one device's return once."""
    return f"{ticket.source}:{device.serial}"


def steps(ticket):
    """What can be done now, from the state of the devices that are not back yet."""
    rmas = rmas_of(ticket)
    coming = [rma for rma in rmas if not _is_over(rma)]
    if not coming:
        left = any(rma.state not in Rma.OVER for rma in rmas)
        return [Step("none_left", _("Close the return"), "agent", end, button=_("Nothing comes any more"))] if left else []
    labels = Step("labels_sent", _("Mail the return labels"), "agent", send_labels, button=_("Labels are mailed"))
    count = len(coming)
    posted = ngettext("Send us the device", "Send us the devices", count)
    handed_over = ngettext("Hand the device over", "Hand the devices over", count)
    on_the_way = ngettext("The device is on its way", "The devices are on their way", count)
    shipped = Step("shipped", posted if coming[0].with_labels else handed_over, "partner", ship, button=on_the_way, sheet=True)
    arrived = ngettext("It has arrived", "These have arrived", count)
    received = Step("received", ngettext("Receive the device", "Receive devices", count), "agent", take_in, arrival_form(coming), arrived)
    given_up = Step("given_up", _("Close it without what has not come"), "agent", give_up, GiveUpForm, _("Close the return"), aside=True)
    if coming[0].state == State.OPENED and coming[0].with_labels:
        return [labels, given_up]
    return [received, given_up] if coming[0].state == State.IN_TRANSIT else [shipped, received, given_up]


def arrival_form(coming):
    """The form that ticks which of the devices have arrived."""
    choices = [(rma.device.serial, rma.device.serial) for rma in coming]
    serials = forms.MultipleChoiceField(
        label=_("What has arrived"), choices=choices, initial=[serial for serial, _label in choices], widget=forms.CheckboxSelectMultiple
    )
    return type("ArrivalForm", (forms.Form,), {"serials": serials})


def send_labels(ticket, cleaned, *, today):
    """The agent has mailed the return labels."""
    for rma in rmas_of(ticket, lock=True):
        if not _is_over(rma):
            advance(rma, State.LABELS_SENT)
    return waits("partner", _("The return labels are on their way by e-mail. Put them on the boxes and send them to our local office."))


def ship(ticket, cleaned, *, today):
    """The partner has sent the devices."""
    coming = [rma for rma in rmas_of(ticket, lock=True) if not _is_over(rma)]
    for rma in coming:
        advance(rma, State.IN_TRANSIT)
    return waits("warehouse", ngettext("The device is on its way to us.", "The devices are on their way to us.", len(coming)))


def take_in(ticket, cleaned, *, today):
    """Devices are here: their service ends. The request is carried out when the last one is."""
    rmas = rmas_of(ticket, lock=True)
    arrived = [rma for rma in rmas if rma.device.serial in cleaned["serials"] and not _is_over(rma)]
    for rma in arrived:
        take_back(rma)
    note = _("Arrived here, so the service has ended: %(serials)s.") % {"serials": ", ".join(rma.device.serial for rma in arrived)}
    coming = [rma for rma in rmas if not _is_over(rma)]
    if not coming:
        _end_open(rmas)
        return done(note)
    return waits("warehouse" if coming[0].state == State.IN_TRANSIT else "partner", note)


def _end_open(rmas):
    """End what has not come, so that its devices have no open RMA any more."""
    for rma in rmas:
        if rma.state not in Rma.OVER:
            advance(rma, State.GIVEN_UP)


def give_up(ticket, cleaned, *, today):
    """What has not come does not come: its service goes on (HW-3), and it can be asked about anew."""
    rmas = rmas_of(ticket, lock=True)
    missing = [rma.device for rma in rmas if not _is_over(rma)]
    _end_open(rmas)
    text = _("Not sent back, so the service goes on: %(serials)s. %(why)s")
    if any(device.state != Device.State.IN_USE for device in missing):  # it ended with a PBX
        text = _("Not sent back: %(serials)s. %(why)s")
    note = text % {"serials": ", ".join(device.serial for device in missing), "why": cleaned["why"]}
    return done(note) if any(rma.state == State.RETURNED for rma in rmas) else came_to_nothing(note)


def end(ticket, cleaned, *, today):
    """The last of the devices that were to come was reported lost (HW-4)."""
    _end_open(rmas_of(ticket, lock=True))
    return done(_("Nothing of this return is on its way any more."))


def standing(ticket):
    """How each device stands."""
    lost = Device.State.LOST
    return [
        Standing(rma.device.serial, lost, str(lost.label).capitalize(), "bad")
        if rma.device.state == lost
        else Standing(rma.device.serial, rma.state, _state(rma), TONES.get(rma.state, "warn"))
        for rma in rmas_of(ticket)
    ]


def _state(rma):
    """The state of a device's RMA in words, as the station of the way calls it."""
    return str(_("RMA open") if rma.state == State.OPENED else rma.get_state_display().capitalize())


def return_sheet(ticket):
    """The sheet for the boxes (HW-3), from when devices are to go until the last has arrived; None before and after."""
    coming = [] if ticket.is_over else [rma for rma in rmas_of(ticket) if not _is_over(rma)]
    if not coming or (coming[0].with_labels and coming[0].state == State.OPENED):
        return None
    devices = tuple((rma.device.serial, rma.device.item.name) for rma in coming)
    return ReturnSheet(devices, "label") if coming[0].with_labels else ReturnSheet(devices, "pickup", coming[0].delivery_address)


def milestones(ticket):
    """The stations of the tracker."""
    back = Milestone(_("Taken back"), "step", "received", at_last=True)
    return way_back(ticket, Milestone(_("On the way to us"), "step", "shipped"), back)


def way_back(ticket, *further):
    """The stations of an RMA, up to these; labels only where the verdict promised them (lists ask this of every row: no query)."""
    with_labels = any(finding["rule"] == "HW-3" and finding["policy"] for finding in ticket.verdict["findings"])
    labels = (Milestone(_("Labels mailed"), "step", "labels_sent"),) if with_labels else ()
    return Milestone(_("Submitted"), "submitted"), Milestone(_("RMA open"), "applied"), *labels, *further
