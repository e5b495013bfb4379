"""Rules about invoices, disputes and refunds. Pure: facts, dated values and a day in, findings out (GEN-3, GEN-4, BIL-1 to BIL-3)."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.amounts import in_words
from policies.days import after
from policies.verdict import DENY, REQUIRE, WARN, Finding
from policies.wording import day_in_full


def can_be_billed(charges, *, most):
    """GEN-3: what a request costs fits into the books, which hold no amount above `most`."""
    price = sum((charge.amount for charge in charges if not charge.contingent), Decimal(0))
    if price <= most:
        return []
    currency = charges[0].currency
    message = _("This would cost %(price)s, and at most %(most)s can be billed at once. Ask for less, or write to the care team.")
    values = {"price": in_words(price, currency), "most": in_words(most, currency)}
    return [Finding("GEN-3", DENY, message % values, final=True)]


def purchases_are_final(kind, *, field):
    """GEN-4: nothing that was bought is refunded; with what is possible instead, by what it is about (LIC-2, HW-11, ORD-3)."""
    final = Finding("GEN-4", DENY, _("Purchases of services, licences and hardware are final: nothing is refunded."), field, final=True)
    instead = {
        "licence": (
            "LIC-2",
            _(
                "Licences that were activated by mistake can be reduced for the next term, unless a Commitment holds them. "
                "Monthly subscriptions leave you freer."
            ),
        ),
        "demo": ("LIC-2", _("For demonstrations use a PBX with a monthly subscription: it can be changed and ended at any time.")),
        "hardware": (
            "HW-11",
            _("Hardware that was bought cannot be returned. HWaaS can be exchanged and returned; owned hardware can be turned into it."),
        ),
        "order": ("ORD-3", _("While an order is not dispatched you can ask to change or cancel it. What was sent stays in your stock.")),
    }
    rule, message = instead[kind]
    return [final, Finding(rule, WARN, message, field)]


def can_still_be_disputed(invoice, *, book, field):
    """BIL-1: an invoice can be disputed for some time from its date, its last day included. What counts is the day of the request."""
    last = after(invoice.issued_on, book.value("dispute.period", origin=invoice.issued_on))
    if book.on <= last:
        return []
    policy = book.cite("dispute.period", origin=invoice.issued_on)
    message = _("The invoice %(number)s of %(issued)s could be disputed until %(last)s.")
    values = {"number": invoice.number, "issued": day_in_full(invoice.issued_on), "last": day_in_full(last)}
    return [Finding("BIL-1", DENY, message % values, field, invoice.number, policy=policy)]


def is_judged_by_a_person(*, field):
    """BIL-2: whether a credit is justified is for a person to say."""
    message = _("A person reads your justification and decides. If it does not justify the credit, the refusal costs the fee below.")
    return [Finding("BIL-2", REQUIRE, message, field)]


def not_more_than_uncredited(line, amount, *, currency, field):
    """BIL-2: the credit cannot exceed what is left uncredited on the line. Amounts in the `currency` of the invoice."""
    left = line.uncredited
    if amount <= left:
        return []
    message = _("On line %(line)s (%(what)s) %(left)s is left to credit; you ask for %(amount)s.")
    sums = {"left": in_words(left, currency), "amount": in_words(amount, currency)}
    values = {"line": line.line, "what": line.description, **sums}
    return [Finding("BIL-2", DENY, message % values, field, str(line.line), final=True)]


def support_is_due_for_a_year(line, amount, *, field):
    """BIL-3: LifeTime support is due for the whole year: a part of its line is never credited for months that were not used."""
    words = set(re.findall(r"\w+", line.description.lower()))
    if "support" not in words or not words & {"lifetime", "lt"} or amount >= line.amount:
        return []
    message = _("Line %(line)s is LifeTime support, which is due for a whole year: it is not prorated to the months of use.")
    return [Finding("BIL-3", DENY, message % {"line": line.line}, field, str(line.line))]


def ways_to_pay(region, *, book):
    """BIL-8: how partners of a region pay, in a sentence. Account numbers are kept nowhere."""
    if region in book.value("payment.portal_regions"):
        return _("Invoices can be paid in the portal, or by bank transfer with the details of the starter kit.")
    return _("Please pay by bank transfer: the bank details are in your starter kit and with each invoice.")
