"""Buy out HWaaS devices – FAQ: "Is it possible to convert my HWaaS device into CAPEX?" (HW-8, COM-4)."""

from django.utils.translation import gettext_lazy as _

from hwaas import ownership_rules, rules
from hwaas.models import Device
from hwaas.services import buy_out
from policies.verdict import Verdict
from policies.wording import first_of
from tickets.base import TicketForm, TicketType, done
from tickets.fees import price
from tickets.fields import DevicesField


class HwaasBuyoutForm(TicketForm):
    serials = DevicesField(label=_("Devices to buy out"), first=Device.Ownership.SERVICE)


class HwaasBuyout(TicketType):
    code = "hwaas_buyout"
    title = _("Buy out HWaaS devices")
    topic = "HWaaS"
    icon = "money"
    description = _("Turn HWaaS devices into hardware you own, at the full hardware price.")
    search_terms = "purchase own keep capex rented phone"
    expected = _("Done within one business day")
    rules = ("GEN-1", "GEN-3", "HW-3", "HW-8", "COM-4")
    form = HwaasBuyoutForm
    action = _("Sell the devices")
    price_note = _("The full hardware price of each device")

    def subject(self, answers):
        serials = [device.serial for device in answers["serials"]]
        return _("Buy out %(serials)s") % {"serials": first_of(serials)}

    def decide(self, answers, *, book, today):
        findings, charges = [], []
        for device in answers.get("serials") or ():
            findings += rules.in_use(device, field="serials")
            findings += ownership_rules.is_a_service(device, rule="HW-8", field="serials")
            findings += ownership_rules.past_buyout_term(device, book=book, today=today, field="serials")
            findings += ownership_rules.buyout_not_under_commitment(device, book=book, today=today, field="serials")
            if device.ownership == device.Ownership.SERVICE:
                title = _("Buyout of %(item)s %(serial)s") % {"item": device.item.name, "serial": device.serial}
                charged, charge = price(
                    f"price.hardware:{device.serial}", title, device.item.capex_price, rule="HW-8", payer=answers.partner
                )
                findings, charges = [*findings, charged], [*charges, charge]
        return Verdict(tuple(findings), tuple(charges))

    def apply(self, ticket, answers, *, book, today):
        for device in answers["serials"]:
            buy_out(device)
        return done(_("Bought out and now owned: %(serials)s.") % {"serials": ", ".join(device.serial for device in answers["serials"])})
