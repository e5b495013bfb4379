"""Convert owned hardware to HWaaS – FAQ: "How to estimate CN for HW converted to HWaaS?" (BIL-6, COM-4, DID-9)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from hwaas import ownership_rules, rules
from hwaas.models import Device
from hwaas.services import make_service
from pbx.commitment_rules import stays_until_its_end
from policies.verdict import Verdict
from policies.wording import day_in_full, first_of
from tickets.base import TicketForm, TicketType, done
from tickets.fees import credit
from tickets.fields import DevicesField


class HwToHwaasForm(TicketForm):
    serials = DevicesField(label=_("Devices to convert"), first=Device.Ownership.OWNED)


class HwToHwaas(TicketType):
    code = "hw_to_hwaas"
    title = _("Convert hardware to HWaaS")
    topic = "HWaaS"
    icon = "refresh"
    description = _("Convert hardware you own to HWaaS. We credit part of its price, depending on its age.")
    search_terms = "convert capex owned rent lease phone"
    expected = _("Done within one business day")
    rules = ("GEN-1", "HW-3", "BIL-6", "COM-4", "DID-9")
    form = HwToHwaasForm
    action = _("Convert the devices")
    price_note = _("Free, then the monthly HWaaS price")

    def subject(self, answers):
        serials = [device.serial for device in answers["serials"]]
        return _("Convert %(serials)s to HWaaS") % {"serials": first_of(serials)}

    def decide(self, answers, *, book, today):
        findings, credits, devices = [], [], answers.get("serials") or ()
        for device in devices:
            findings += rules.in_use(device, field="serials")
            findings += ownership_rules.is_owned(device, field="serials")
            credit_findings, given = _credit(device, answers.partner, book)
            findings += credit_findings
            findings += ownership_rules.shares_the_term(device, currency=answers.partner.currency, today=today, field="serials")
            credits += given
        for pbx in dict.fromkeys(device.pbx for device in devices):
            findings += stays_until_its_end(pbx, today=today, field="serials")
        return Verdict(tuple(findings), (), tuple(credits))

    def apply(self, ticket, answers, *, book, today):
        quoted = set(ticket.charges.values_list("fee", flat=True))
        found = [one for device in answers["serials"] for one in _credit(device, answers.partner, book)[1] if one.fee not in quoted]
        for device in answers["serials"]:
            make_service(device, today=today)
        values = {"serials": ", ".join(device.serial for device in answers["serials"]), "day": day_in_full(today)}
        # The care team may have found out a device's order date in the meantime; its credit could not be quoted before (BIL-6).
        return replace(done(_("Converted to HWaaS and billed from %(day)s: %(serials)s.") % values), charges=tuple(found))


def _credit(device, partner, book):
    """Return (findings, [Charge]): what the conversion of a device credits to its partner."""
    findings, amount = ownership_rules.conversion_credit(device, book=book, field="serials")
    title = _("Conversion of %(item)s %(serial)s") % {"item": device.item.name, "serial": device.serial}
    return findings, [credit(f"credit.hw_conversion:{device.serial}", title, amount, to=partner)] if amount else []
