"""Rules about invoices, disputes and refunds (GEN-3, GEN-4, BIL-1 to BIL-3). Pure: facts, dated values and a day in, findings out."""

import re

from django.utils.translation import gettext as _

from billing.amounts import format_amount
from policies.verdict import DENY, REQUIRE, WARN, Finding
from policies.wording import day_in_full


def can_be_billed(verdict, *, most):
    """GEN-3: the price of a request must fit into the ledger, which cannot store an amount above `most`."""
    if verdict.price <= most:
        return []
    currency = verdict.charges[0].currency
    message = _("This would cost %(price)s, but at most %(most)s can be billed at a time. Request less, or contact the care team.")
    values = {"price": format_amount(verdict.price, currency), "most": format_amount(most, currency)}
    return [Finding("GEN-3", DENY, message % values, final=True)]


def purchases_are_final(kind, *, field):
    """GEN-4: purchases are not refunded; the alternative offered depends on their kind (LIC-2, HW-11, ORD-3)."""
    final = Finding("GEN-4", DENY, _("Purchases of services, licences and hardware are final and cannot be refunded."), field, final=True)
    instead = {
        "licence": (
            "LIC-2",
            _(
                "Licences activated by mistake can be reduced for the next term, unless they are under a Commitment. "
                "Monthly subscriptions give you more flexibility."
            ),
        ),
        "demo": ("LIC-2", _("For demonstrations, use a PBX with a monthly subscription: it can be changed and ended at any time.")),
        "hardware": (
            "HW-11",
            _("Purchased hardware cannot be returned. HWaaS can be exchanged and returned; owned hardware can be converted to HWaaS."),
        ),
        "order": ("ORD-3", _("Until an order is dispatched, you can ask to change or cancel it. Dispatched items stay in your stock.")),
    }
    rule, message = instead[kind]
    return [final, Finding(rule, WARN, message, field)]


def can_still_be_disputed(invoice, *, book, field):
    """BIL-1: an invoice can be disputed for a period from its date, including the last day. The day of the request counts."""
    last = book.ends_on("dispute.period", invoice.issued_on)
    if book.on <= last:
        return []
    policy = book.cite("dispute.period", origin=invoice.issued_on)
    message = _("Invoice %(number)s, issued on %(issued)s, could only be disputed until %(last)s.")
    values = {"number": invoice.number, "issued": day_in_full(invoice.issued_on), "last": day_in_full(last)}
    return [Finding("BIL-1", DENY, message % values, field, invoice.number, policy=policy)]


def is_judged_by_a_person(*, field):
    """BIL-2: a person decides whether a credit is justified."""
    message = _(
        "A person reviews your justification and decides. If your request is rejected for lack of justification, the fee below is charged."
    )
    return [Finding("BIL-2", REQUIRE, message, field)]


def not_more_than_uncredited(line, amount, *, currency, field):
    """BIL-2: the credit cannot exceed the uncredited amount of the line. Amounts are in the `currency` of the invoice."""
    left = line.uncredited
    if amount <= left:
        return []
    message = _("Line %(line)s (%(what)s) has only %(left)s left to credit, but you requested %(amount)s.")
    sums = {"left": format_amount(left, currency), "amount": format_amount(amount, currency)}
    values = {"line": line.line, "what": line.description, **sums}
    return [Finding("BIL-2", DENY, message % values, field, str(line.line), final=True)]


def support_is_due_for_a_year(line, amount, *, field):
    """BIL-3: LifeTime support is due for a whole year, so no part of its line is credited for unused months."""
    words = set(re.findall(r"\w+", line.description.lower()))
    if "support" not in words or not words & {"lifetime", "lt"} or amount >= line.amount:
        return []
    message = _("Line %(line)s is LifeTime support, which is due for a whole year and is not prorated to the months of use.")
    return [Finding("BIL-3", DENY, message % {"line": line.line}, field, str(line.line))]


def ways_to_pay(region, *, book):
    """Return a sentence on how partners of a region pay (BIL-8). Account numbers are not stored anywhere."""
    if region in book.value("payment.portal_regions"):
        return _("Invoices can be paid in the portal, or by bank transfer using the details in the starter kit.")
    return _("Please pay by bank transfer, using the bank details in your starter kit or on the invoice we sent you.")
