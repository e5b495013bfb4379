"""Report a lost HWaaS device – FAQ: "What to do in case of lost HWaaS?" (HW-4)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hwaas import ownership_rules
from hwaas.models import Device
from hwaas.services import lose
from policies.verdict import DENY, Verdict
from tickets.base import TicketForm, TicketType, done
from tickets.fees import price
from tickets.fields import DeviceField, ProseField


class HwaasLostForm(TicketForm):
    serial = DeviceField(label=_("Lost device"), first=Device.Ownership.SERVICE)
    circumstances = ProseField(label=_("How it was lost"), max_length=2000)


class HwaasLost(TicketType):
    code = "hwaas_lost"
    title = _("Report a lost HWaaS device")
    topic = "HWaaS"
    icon = "alert"
    description = _(
        "HWaaS does not cover loss: we invoice the hardware, its service ends and the device is yours. You can order a new one as HWaaS."
    )
    search_terms = "stolen missing theft rented phone"
    expected = _("Done within one business day")
    rules = ("GEN-1", "GEN-3", "HW-4", "HW-3")
    form = HwaasLostForm
    action = _("Charge for the lost device")
    price_note = _("The price of the device plus the rest of its minimum term")

    def subject(self, answers):
        return _("Lost: %(serial)s (%(item)s)") % {"serial": answers["serial"].serial, "item": answers["serial"].item.name}

    def decide(self, answers, *, book, today):
        device = answers.get("serial")
        if not device:
            return Verdict()
        findings = [
            *ownership_rules.is_a_service(device, rule="HW-4", field="serial"),
            *ownership_rules.can_be_lost(device, today=today, field="serial"),
        ]
        if any(finding.effect == DENY for finding in findings):
            return Verdict(tuple(findings))
        findings += ownership_rules.term_is_known(device, field="serial")
        title = _("Loss of %(item)s %(serial)s") % {"item": device.item.name, "serial": device.serial}
        pairs = [price(f"price.hardware:{device.serial}", title, device.item.capex_price, rule="HW-4", payer=answers.partner)]
        if months := ownership_rules.months_left_to_pay(device, book=book, today=book.on):
            policy = book.cite("hwaas.minimum_term_months", origin=device.billing_starts_on)
            monthly = device.item.hwaas_monthly_price
            words = ngettext(
                "Rest of the minimum term of %(serial)s: %(n)s month at %(fee)s",
                "Rest of the minimum term of %(serial)s: %(n)s months at %(fee)s",
                months,
            )
            title, amount = words % {"serial": device.serial, "n": months, "fee": f"{monthly:,.2f}"}, monthly * months
            pairs.append(price(f"price.hwaas_term:{device.serial}", title, amount, rule="HW-4", payer=answers.partner, policy=policy))
        return Verdict((*findings, *(charged for charged, _charge in pairs)), tuple(charge for _charged, charge in pairs))

    def apply(self, ticket, answers, *, book, today):
        device = answers["serial"]
        lose(device)
        return done(_("The service of %(serial)s has ended; the lost device is now owned hardware.") % {"serial": device.serial})
