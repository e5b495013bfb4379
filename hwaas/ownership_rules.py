"""Rules about device ownership: loss, buy-out, conversion to HWaaS (HW-4, HW-8, BIL-6, DID-9). Pure, like rules.py."""

from decimal import Decimal
from itertools import count, takewhile

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from billing.amounts import format_amount, round_to_cent
from hwaas import rules
from hwaas.models import Device, Rma
from pbx.commitment_rules import renews_itself
from pbx.rules import free_of_commitment
from policies.days import after
from policies.verdict import DENY, REQUIRE, WARN, Finding
from policies.wording import announced_sentence, day_in_full, without_trailing_zeros

BUYOUT = "hwaas.buyout_after_months"


def is_a_service(device, *, rule, field):
    """HW-4, HW-8: only HWaaS devices can be reported lost or bought out, not owned ones."""
    if device.ownership == Device.Ownership.SERVICE:
        return []
    message = _("%(serial)s is owned hardware, not HWaaS.")
    return [Finding(rule, DENY, message % {"serial": device.serial}, field, device.serial, final=True)]


def is_owned(device, *, field):
    """BIL-6: only owned hardware can become HWaaS."""
    if device.ownership == Device.Ownership.OWNED:
        return []
    message = _("%(serial)s is already HWaaS.")
    return [Finding("BIL-6", DENY, message % {"serial": device.serial}, field, device.serial, final=True)]


def can_be_lost(device, *, today, field):
    """HW-4: only a device at its partner can be lost; with an open RMA (HW-3) until it arrives, and then a person checks the case."""
    rma = next((rma for rma in device.rmas.all() if rma.state not in Rma.OVER), None)
    if device.state != Device.State.IN_USE or (rma and rma.state in Rma.ARRIVED):
        return rules.in_use(device, field=field)
    if not rma:
        return rules.has_been_shipped(device, rule="HW-4", today=today, field=field)
    message = _("There is an open RMA for %(serial)s: the care team will check where it was lost, and the RMA will be closed.")
    return [Finding("HW-3", REQUIRE, message % {"serial": device.serial}, field, device.serial)]


def term_is_known(device, *, field):
    """HW-4: if the billing start of a device is unknown, a person checks the remainder of its minimum term."""
    if device.billing_starts_on is not None:
        return []
    message = _("We do not know when the billing of %(serial)s started: the care team will check.")
    return [Finding("HW-4", REQUIRE, message % {"serial": device.serial}, field, device.serial)]


def months_left_to_pay(device, *, book, today):
    """Return how many monthly fees of the minimum term are not billed yet (HW-4). A month is billed on its first day.

    0 if the billing start is unknown, see term_is_known.
    """
    start = device.billing_starts_on
    if start is None:
        return 0
    ends = book.ends_on("hwaas.minimum_term_months", start)
    months = takewhile(lambda day: day < ends, (start + relativedelta(months=passed) for passed in count()))
    return sum(day > today for day in months)


def past_buyout_term(device, *, book, today, field):
    """HW-8: HWaaS can be bought out some time after its billing start; under Commitment, COM-4 applies instead."""
    start = device.billing_starts_on
    if device.ownership != Device.Ownership.SERVICE or device.pbx.commitment_on(today):
        return []
    if start is None and device.shipped_on is None:
        policy = book.cite(BUYOUT)
        message = _("%(serial)s has not been shipped: it can be bought out %(term)s after its billing starts.")
        return [Finding("HW-8", DENY, message % {"serial": device.serial, "term": policy[BUYOUT]}, field, device.serial, policy=policy)]
    if start is None:
        message = _("We do not know when the billing of %(serial)s started: the care team will check.")
        return [Finding("HW-8", REQUIRE, message % {"serial": device.serial}, field, device.serial)]
    if today >= book.ends_on(BUYOUT, start):
        return []
    day = rules.free_on(device, book=book, today=today, code=BUYOUT)
    policy = book.cite(BUYOUT, origin=start)
    message = _("%(serial)s can be bought out %(term)s after its billing start on %(start)s, that is, from %(free)s.")
    values = {"serial": device.serial, "term": policy[BUYOUT], "start": day_in_full(start), "free": day_in_full(day)}
    message = message % values + announced_sentence(book, BUYOUT, day, origin=start, today=today)
    return [Finding("HW-8", DENY, message, field, device.serial, day, policy)]


def buyout_not_under_commitment(device, *, book, today, field):
    """COM-4: a buy-out detaches the service from its PBX, which a Commitment does not allow before it ends."""
    if not device.pbx.commitment_on(today) or device.ownership != Device.Ownership.SERVICE:
        return []
    day = rules.free_on(device, book=book, today=today, code=BUYOUT)
    ended = free_of_commitment(device.pbx, today)
    message = _("The PBX %(pbx)s is under a Commitment until %(end)s. Nothing on it can be bought out before then.")
    if day and day > ended:
        message += " " + _("%(serial)s can be bought out from %(free)s.")
    values = {"pbx": device.pbx.name, "end": day_in_full(ended), "serial": device.serial, "free": day_in_full(day) if day else ""}
    return [Finding("COM-4", DENY, message % values + renews_itself(device.pbx, ended), field, device.serial, day)]


def conversion_credit(device, *, book, field):
    """Return (findings, credit) for the conversion of an owned device, by its age on the day of the request (BIL-6).

    On the exact anniversary, the lower percentage applies. The credit is a Decimal in the partner's currency, 0 for none.
    """
    origin = device.ordered_on
    if device.ownership != Device.Ownership.OWNED:
        return [], Decimal(0)
    if origin is None:
        message = _("We do not know when %(serial)s was ordered: the care team will check its credit.")
        return [Finding("BIL-6", REQUIRE, message % {"serial": device.serial}, field, device.serial)], Decimal(0)
    policy = book.cite("hw_conversion.credit_schedule", origin=origin)
    steps = book.value("hw_conversion.credit_schedule", origin=origin)
    percent = next((share for age, share in steps if book.on < after(origin, age)), Decimal(0))
    amount = round_to_cent(device.item.capex_price * percent / 100)
    values = {"serial": device.serial, "ordered": day_in_full(origin), "percent": without_trailing_zeros(percent)}
    if not percent:
        message = _("%(serial)s was ordered on %(ordered)s: at its age, there is no credit.")
    else:
        message = _("%(serial)s was ordered on %(ordered)s: %(percent)s %% of its price is credited.")
    return [Finding("BIL-6", WARN, message % values, field, device.serial, policy=policy)], amount


def shares_the_term(device, *, currency, today, field):
    """DID-9: an HWaaS device shares the term and expiry of its PBX. If these have passed or are unknown, a person checks;
    on a terminated PBX it is refused.

    The findings also state the monthly price of the service, in the partner's currency.
    """
    pbx = device.pbx
    if pbx.terminated_on is not None:
        message = _("%(serial)s is on %(pbx)s, which has been terminated: there is no term for a service to share.")
        return [Finding("DID-9", DENY, message % {"serial": device.serial, "pbx": pbx.name}, field, device.serial, final=True)]
    if pbx.term == pbx.Term.LIFETIME:
        return []
    if pbx.expires_on is None or pbx.expires_on < today:
        message = _("The subscription of %(pbx)s has ended or its end is unknown: the care team will check.")
        return [Finding("DID-9", REQUIRE, message % {"pbx": pbx.name}, field, pbx.serial)]
    message = _("From its conversion, it costs %(price)s a month and shares the term and expiry of %(pbx)s (%(term)s, expires on %(end)s).")
    price = format_amount(device.item.hwaas_monthly_price, currency)
    values = {"price": price, "pbx": pbx.name, "term": pbx.get_term_display(), "end": day_in_full(pbx.expires_on)}
    return [Finding("DID-9", WARN, message % values, field, device.serial)]
