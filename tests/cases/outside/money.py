"""Payment methods, the bonus increase, the start of HWaaS billing and its discount, LifeTime support."""

import datetime
from decimal import Decimal

from billing.bonus import payable_until
from billing.bonus_rules import Result, Terms, bonus_months
from billing.models import LedgerEntry
from billing.rules import ways_to_pay
from hwaas.billing_rules import TERMS, Billed, billing_start, quantity_discounts
from pbx.lifetime_rules import support_cost
from tests.cases.facts import a_book, a_partner
from tests.cases.facts.networks import a_system
from tickets.types.rma import RmaRequest


def payment(facts):
    """BIL-8: how partners of a `region` pay `today`; the sentence contains no account number."""
    said = ways_to_pay(facts["region"], book=a_book(facts["today"], facts.get("policies", ())))
    ways = ["BIL-8 in the portal"] if "in the portal" in said else []
    numbers = ["a number"] if any(sign.isdigit() for sign in said) else []
    return [*ways, *(["by bank transfer"] if "by bank transfer" in said else []), *numbers]


def bonus(facts):
    """BIL-7: the result of a `month` for partners with `results`, as seen `today`, by the agreed `target` and `rate`, if any."""
    day = datetime.date.fromisoformat
    results = [Result(day(f"{month}-01"), Decimal(str(amount))) for month, amount in facts["results"].items()]
    terms = Terms(*(facts.get(name) and Decimal(str(facts[name])) for name in ("target", "rate")))
    months = bonus_months(results, terms, book=a_book(facts["today"], facts.get("policies", ())), today=facts["today"])
    of_month = [one for one in months if f"{one.month:%Y-%m}" == facts["month"]]
    return [f"BIL-7 {one.state} {one.credit:.2f}" if one.credit else one.state for one in of_month]


def payback(facts):
    """BIL-7: by when a withdrawal `posted_on` a day has to be paid back."""
    posted = LedgerEntry(created_at=datetime.datetime.combine(facts["posted_on"], datetime.time(9), datetime.UTC))
    return [f"BIL-7 until {payable_until(posted, a_book(facts['posted_on'], facts.get('policies', ())))}"]


def start_of_billing(facts):
    """HW-6: the day from which a device `shipped_on` a day is billed."""
    day = billing_start(facts["shipped_on"], book=a_book(None, facts.get("policies", ())))
    return [f"HW-6 from {day}"] if day else []


def quantity_discount(facts):
    """HW-7: the discount `today` for `devices` on PBXs that renew on `renews_on` for a `term`, or end on `ends_on`, if given.

    A device is {item, since, count}: its item code, the day its billing began, and its quantity (default `count`).
    """
    today, term = facts["today"], facts["term"]
    is_renewed = term in TERMS and facts["renews_on"] and facts["renews_on"] <= today
    expires_on = facts.get("ends_on") or (facts["renews_on"] + TERMS[term] if is_renewed else facts["renews_on"])
    devices = [{"count": facts["count"]} | device for device in facts["devices"]]
    rows = [Billed(one["item"], "", one["since"], term, facts["activated_on"], expires_on, one["count"]) for one in devices]
    items = quantity_discounts(rows, book=a_book(today, facts["policies"]), today=today)
    begun = [f"HW-7 {item.item}: {_shown(share)}" for item in items for share in item.renewed if share.percent]
    return begun + [f"{item.item}: {_shown(share)} from {share.renews_on}" for item in items for share in item.coming if share.percent]


def _shown(share):
    return f"{share.percent.normalize():f} % for {share.count}"


def quoted_delivery(facts):
    """ORD-1: whether the care team quotes the delivery of a replacement for an RMA of a `kind` to a partner of a `region`."""
    is_quoted = RmaRequest.delivery_is_quoted(a_partner(region=facts["region"]), facts["kind"], a_book(facts["today"]))
    return ["ORD-1 quoted"] if is_quoted else []


def lifetime_support(facts):
    """BIL-4: the price of a `year` of support for a LifeTime PBX with these `licences` and its WMS `version`."""
    pbx = a_system(1, term="lifetime", wms_version=facts["version"], licences=facts["licences"])
    support = support_cost(pbx, facts["year"], book=a_book(facts["today"], facts.get("policies", ())))
    times = [f"BIL-4 {support.multiplier.normalize():f} times {support.listed:.2f}"] if support.multiplier != 1 else []
    return [f"{support.amount:.2f}", *times]
