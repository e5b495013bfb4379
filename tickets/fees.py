"""From the price list to a charge (GEN-3): the same figure in each payer's own currency."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.amounts import format_amount as amount_in_words
from pbx import rules
from pbx.models import Licence
from policies.catalog import POLICIES
from policies.verdict import CHARGE, REQUIRE, WARN, Charge, Finding
from policies.wording import day_in_full, without_trailing_zeros

PRICE = "price.licence:{}"  # the code for the price of licences of a type
QUOTED = "price.licences_quoted"  # the code for a price quoted by the care team, for all added licences


def fee(code, title, *, payer, book, moment="executed", count=1):
    """Return a fee of the price list as (Finding, Charge), due from the partner `payer` at `moment`; `count` items are one charge."""
    title = title if count == 1 else f"{count} × {title}"
    known = {"rule": POLICIES[code].rule, "policy": book.cite(code)}
    return _charged(code, title, count * book.value(code), payer=payer, moment=moment, **known)


def delivery(partner, *, book):
    """Return the delivery cost for the partner's region as (findings, charges), due at dispatch: master box and flat rate (ORD-1).

    If the price list has no amount for the region, the care team quotes the cost: a requirement, no charge.
    """
    parts = {"delivery.open_master_box": _("Opening the master box"), "delivery.flat_rate": _("Logistics")}
    amounts = {code: dict(book.value(code)).get(partner.region) for code in parts}
    if None in amounts.values():
        message = _("For your region, the care team quotes the delivery cost before sending the replacement.")
        return [Finding("ORD-1", REQUIRE, message, policy=book.cite(*parts))], []
    known = {"rule": "ORD-1", "payer": partner, "moment": "dispatched"}
    pairs = [_charged(code, title, amounts[code], policy=book.cite(code), **known) for code, title in parts.items()]
    return [finding for finding, _charge in pairs], [charge for _finding, charge in pairs]


def price(code, title, amount, *, rule, payer, policy=None):
    """Return a price that is not in the price list as (Finding, Charge): `code` is "price.…", `amount` in the payer's currency."""
    return _charged(code, title, amount, rule=rule, payer=payer, policy=policy or {}, moment="executed", kind="charge")


def _charged(code, title, amount, *, rule, payer, policy, moment, kind="fee"):
    charge = Charge(code, title, amount, payer.currency, payer.code, moment, kind=kind)
    return Finding(rule, CHARGE, _worded(charge), subject=code, policy=policy), charge


def _worded(charge):
    return _("%(title)s: %(amount)s.") % {"title": charge.title, "amount": amount_in_words(charge.amount, charge.currency)}


def as_stored(verdict, rows):
    """Return the verdict with the ticket's own charges (TicketCharge `rows`) where the current price would differ (GEN-3).

    The quoted amount is posted, even if the price of an item, or the payer's region or currency, has changed since.
    """
    kept = {row.fee: row for row in rows}
    parts = verdict.charges, verdict.credits
    other = {charge.fee: kept[charge.fee] for part in parts for charge in part if charge.fee in kept and _differ(charge, kept[charge.fee])}
    if not other:
        return verdict
    charges, credits = (tuple(_put(charge, other) for charge in part) for part in parts)
    findings = (replace(f, message=_worded(other[f.subject])) if f.effect == CHARGE and f.subject in other else f for f in verdict.findings)
    return replace(verdict, findings=tuple(findings), charges=charges, credits=credits)


def _differ(charge, row):
    return (charge.amount, charge.currency) != (row.amount, row.currency)


def _put(charge, other):
    row = other.get(charge.fee)
    return replace(charge, title=row.title, amount=row.amount, currency=row.currency) if row else charge


def licences(pbx, more, answers, *, book, field):
    """Return (findings, charges) for additional licences ({type: count}), prorated (LIC-4).

    Calculated for the day of the request, however late it is judged: that price is charged (GEN-3). If the expiry date of the PBX is
    unknown, the price is the one quoted by the care team and accepted by the partner; until then, a requirement and no charge.
    """
    if answers.agreed and answers.agreed.what == more:
        return as_quoted(pbx, more, answers.agreed.amount, answers.partner)
    priced = [(one, count, rules.prorated(pbx, one, count, book=book, today=book.on)) for one, count in more.items()]
    if any(amount is None for _one, _count, amount in priced):
        return rules.price_is_quoted(pbx, today=book.on, field=field), []
    pairs = [_prorated(pbx, one, count, amount, partner=answers.partner, book=book) for one, count, amount in priced]
    return [finding for finding, _charge in pairs], [charge for _finding, charge in pairs]


def in_words(more):
    """Return the added licences in words: "5 × Business, 2 × Teams4Wildix"."""
    return ", ".join(f"{count} × {dict(Licence.Type.choices)[one]}" for one, count in sorted(more.items()))


def as_quoted(pbx, more, amount, partner):
    """Return (findings, charges) for licences at the price that was quoted and accepted; 0 is free (LIC-4)."""
    title = _("%(what)s on %(pbx)s, as quoted") % {"what": in_words(more), "pbx": pbx.name}
    if not amount:
        return [Finding("LIC-4", WARN, _("%(title)s: free of charge.") % {"title": title}, subject=pbx.serial)], []
    finding, charge = price(QUOTED, title, amount, rule="LIC-4", payer=partner)
    return [finding], [charge]


def _prorated(pbx, licence_type, count, amount, *, partner, book):
    today = book.on
    less = rules.discount(pbx, book=book, today=today)
    title = _("%(count)s × %(licence)s until %(end)s (%(time)s), each at %(each)s a month") % {
        "count": count,
        "time": _time_left(pbx.expires_on, today),
        "licence": dict(Licence.Type.choices)[licence_type],
        "end": day_in_full(pbx.expires_on),
        "each": f"{rules.monthly_price(pbx, licence_type, book=book):.2f}",
    }
    title += _(" less %(percent)s %%") % {"percent": without_trailing_zeros(less)} if less else ""
    policy = rules.price_policies(pbx, licence_type, book=book, today=today)
    return price(PRICE.format(licence_type), title, amount, rule="LIC-4", payer=partner, policy=policy)


def _time_left(expires_on, today):
    """Return the exact period a price is calculated for: "1 month and 10 of 31 days"."""
    months, days, of_days = rules.months_and_days(expires_on, today)
    parts = [ngettext("%(n)s month", "%(n)s months", months) % {"n": months}] if months else []
    parts += [_("%(days)s of %(all)s days") % {"days": days, "all": of_days}] if days else []
    return _(" and ").join(parts)


def was_quoted(pbx, charges, answers, *, field):
    """Return findings if the added licences do not cost what the ticket's accepted price covers (LIC-4, decision 0176)."""
    if answers.quoted is None:
        return []
    return rules.adds_what_was_quoted(pbx, {charge.fee: charge.amount for charge in charges}, answers.quoted, field=field)


def credit(code, title, amount, *, to, currency=""):
    """Return a credit due to a partner at execution, as a Charge of kind credit_note; `code` is "credit.…"."""
    return Charge(code, title, amount, currency or to.currency, to.code, kind="credit_note")
