"""The price of a type of request, as shown above its form and in the list of types."""

from decimal import Decimal

from django.utils.translation import gettext as _

from billing.amounts import format_amount, format_figure
from knowledge import articles
from policies.wording import day_in_full
from tickets.answers import Answers


def price_in_words(kind, partner, book):
    """Return the fees the type can cause, in words: "50.00 EUR", or "up to 34.00 EUR" if it depends; "" if it is free.

    A type's own note may include them as %(price)s.
    """
    if kind.price_note and "%(price)s" not in str(kind.price_note):
        return kind.price_note
    amounts = [book.value(fee) for fee in kind.fees]
    own = [amount if isinstance(amount, Decimal) else dict(amount).get(partner.region) for amount in amounts]
    total = sum((amount for amount in own if amount), Decimal(0))
    if not total:
        return ""
    certain = kind.decide(Answers(partner=partner), book=book, today=book.on).price == total
    price = format_figure(total) if kind.paid_by_another else format_amount(total, partner.currency)
    if kind.price_note:
        return kind.price_note % {"price": price}
    return price if certain else _("up to %(price)s") % {"price": price}


def announced_price(kind, partner, book):
    """Return the next announced price and its day, in words; None if there is none."""
    days = sorted({later.valid_from for later in articles.announced(kind.fees, book)})
    if not days:  # nearly always: saves evaluating the rules again
        return None
    price = price_in_words(kind, partner, book)
    changed = ((day, then) for day in days if (then := price_in_words(kind, partner, book.at(day))) != price)
    day, then = next(changed, (None, ""))
    return day and _("%(price)s from %(day)s") % {"price": then or _("Free"), "day": day_in_full(day)}
