"""Return HWaaS devices – FAQ: "How to cancel and return HWaaS ?" (HW-1 to HW-3, HW-11, COM-4)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hwaas import rules
from hwaas.models import Device
from hwaas.services import open_rma
from policies.verdict import Verdict
from policies.wording import first_of
from tickets.base import TicketForm, TicketType, waits
from tickets.fields import DevicesField, NamesField
from tickets.steps.returns import item_states, milestones, return_sheet, source_of, steps


class HwaasReturnForm(TicketForm):
    serials = DevicesField(label=_("Devices to return"), first=Device.Ownership.SERVICE)
    pickup_address = NamesField(label=_("Pick-up address"), max_length=500)


class HwaasReturn(TicketType):
    code = "hwaas_return"
    title = _("Return HWaaS devices")
    topic = "HWaaS"
    icon = "truck"
    description = _("Send HWaaS devices back and end their service. The service ends once they have reached us.")
    search_terms = "send give back cancel end terminate rented leased device phone"
    expected = _("The RMA is opened within one business day")
    rules = ("GEN-1", "HW-1", "HW-2", "HW-3", "HW-11", "COM-4")
    form = HwaasReturnForm
    action = _("Open the return")
    step_titles = {"received": _("Arrived"), "none_left": _("Nothing left to arrive"), "given_up": _("Closed without the missing devices")}

    def subject(self, answers):
        serials = [device.serial for device in answers["serials"]]
        return _("Return %(serials)s") % {"serials": first_of(serials)}

    def decide(self, answers, *, book, today):
        findings = []
        for device in answers.get("serials") or ():
            findings += rules.in_use(device, field="serials")
            findings += rules.can_be_returned(device, field="serials")
            findings += rules.past_minimum_service_term(device, book=book, today=today, field="serials")
            findings += rules.not_returned_under_commitment(device, book=book, today=today, field="serials")
            findings += rules.not_detached_under_commitment(device, book=book, today=today, field="serials")
        findings += rules.labels_are_sent(answers.partner.region, book=book)
        return Verdict(tuple(findings))

    def apply(self, ticket, answers, *, book, today):
        with_labels = bool(rules.labels_are_sent(ticket.partner.region, book=book))
        for device in answers["serials"]:
            source, address = source_of(ticket, device), answers["pickup_address"]
            open_rma(device, source=source, kind="return", delivery_address=address, with_labels=with_labels)
        if with_labels:
            return waits("", _("The RMA is open. We will send you return labels by e-mail."))
        text = ngettext(
            "The RMA is open. The device will be picked up at your address: have it packed, and let us know here once it has left.",
            "The RMA is open. The devices will be picked up at your address: have them packed, and let us know here once they have left.",
            len(answers["serials"]),
        )
        return waits("partner", text)

    steps = staticmethod(steps)
    item_states = staticmethod(item_states)

    def return_sheet(self, ticket, *, book):
        return return_sheet(ticket)

    track = staticmethod(milestones)
