"""Replace a device (RMA) – FAQ: "How to check the device warranty?", "… dead on arrival (OBF/DOA)?" (HW-3, HW-4, HW-9 to HW-11)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hwaas import rules
from hwaas.models import Rma
from hwaas.services import open_rma
from policies.verdict import Verdict
from tickets.base import TicketForm, TicketType, waits
from tickets.fees import delivery
from tickets.fields import DeviceField, NamesField, ProseField
from tickets.steps.rma import milestones, return_sheet, steps

KINDS = (("doa", _("Dead on arrival: it never worked")), ("warranty", _("Broken, under warranty")), ("hwaas", _("Broken HWaaS device")))


class RmaForm(TicketForm):
    serial = DeviceField(label=_("Device"))
    kind = forms.ChoiceField(label=_("Reason"), choices=KINDS, widget=forms.RadioSelect)
    fault = ProseField(label=_("Fault description"), max_length=2000)
    replacement = forms.ChoiceField(label=_("Replacement"), choices=Rma.Replacement.choices, widget=forms.RadioSelect)
    delivery_address = NamesField(label=_("Delivery address"), max_length=500)
    warranty_document = forms.BooleanField(
        label=_("I am attaching the signed warranty document."),
        required=False,
        help_text=_("Required for devices beyond the standard warranty."),
    )


class RmaRequest(TicketType):
    code = "rma"
    title = _("Replace a device (RMA)")
    topic = "HWaaS"
    icon = "device"
    description = _("Replace a device that is dead on arrival or broken under warranty, or a damaged HWaaS device.")
    search_terms = "broken defective faulty dead repair warranty exchange swap doa phone handset"
    expected = _("Opened within one business day; the replacement follows once the device has reached us")
    rules = ("GEN-1", "GEN-3", "HW-3", "HW-4", "HW-9", "HW-10", "HW-11", "ORD-1")
    step_titles = {
        "quote_delivery": _("Delivery quoted"),
        "accept_delivery": _("Delivery quote answered"),
        "sold_out": _("Sold out"),
        "choose": _("Replacement chosen"),
        "refurbished": _("Replacement chosen"),
        "in_stock": _("New device in stock"),
        "given_up": _("Closed without a replacement"),
        "service_ended": _("Service ended"),
    }
    fees = ("delivery.open_master_box", "delivery.flat_rate")
    form = RmaForm
    action = _("Open the RMA")

    def subject(self, answers):
        return _("Replace %(serial)s (%(item)s)") % {"serial": answers["serial"].serial, "item": answers["serial"].item.name}

    def decide(self, answers, *, book, today):
        findings, charges = [], []
        device, kind = answers.get("serial"), answers.get("kind")
        if device:
            findings += rules.in_use(device, field="serial") or rules.has_been_shipped(device, rule="HW-3", today=today, field="serial")
            if kind:
                findings += rules.service_covers(device, as_service=kind == "hwaas", field="serial")
            if kind in ("doa", "warranty"):
                findings += rules.under_warranty(device, presented=self.document_is_presented(answers), book=book, field="serial")
            findings += rules.replacement_in_stock(device, wanted=answers.get("replacement"), field="replacement")
        findings += rules.labels_are_sent(answers.partner.region, book=book)
        if kind in book.value("rma.delivery_paid_kinds"):
            more, charges = delivery(answers.partner, book=book)
            findings += more
        return Verdict(tuple(findings), tuple(charges))

    def irrelevant_fields(self, answers, *, book):
        device = answers.get("serial")
        counts = device and answers.get("kind") != "hwaas" and (device.ordered_on is None or rules.needs_document(device, book=book))
        return set() if counts else {"warranty_document"}

    @staticmethod
    def document_is_presented(answers):
        """Return whether a signed document comes with the request: promised while it is drafted, attached once it is a ticket."""
        return answers.get("warranty_document", False) if answers.attachments is None else answers.attachments > 0

    @staticmethod
    def delivery_is_quoted(partner, kind, book):
        """Return whether the partner pays for delivery and the price list has no amount for its region (ORD-1)."""
        return kind in book.value("rma.delivery_paid_kinds") and not delivery(partner, book=book)[1]

    def apply(self, ticket, answers, *, book, today):
        with_labels = bool(rules.labels_are_sent(ticket.partner.region, book=book))
        device = answers["serial"]
        open_rma(
            device,
            source=ticket.source,
            kind=answers["kind"],
            wants=answers["replacement"],
            delivery_address=answers["delivery_address"],
            with_labels=with_labels,
            # The agent who executed the request has checked the required document; any other attachment does not count.
            has_document=answers["kind"] != "hwaas" and rules.needs_document(device, book=book) and self.document_is_presented(answers),
            to_quote=self.delivery_is_quoted(ticket.partner, answers["kind"], book),
        )
        if with_labels:
            return waits("", _("The RMA is open. We will send you return labels by e-mail."))
        return waits("partner", _("The RMA is open. Please send us the device."))

    steps = staticmethod(steps)
    return_sheet = staticmethod(return_sheet)
    track = staticmethod(milestones)
