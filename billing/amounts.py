"""Amounts of money: rounded, and in words for where only text fits; templates have components/money.html, which looks the same."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

CENT = Decimal("0.01")


def to_the_cent(amount):
    """A Decimal that was worked out, as it is billed: an exact half of a cent is rounded away from zero, as PostgreSQL does it too."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def added_up(amounts):
    """{currency: sum} of (amount, currency): never added across currencies."""
    sums = {}
    for amount, currency in amounts:
        sums[currency] = sums.get(currency, 0) + amount
    return sums


def figure(number):
    """A number as "−5,693.50", for tables that name its currency elsewhere."""
    return f"{number:,.2f}".replace("-", "−")


def in_words(amount, currency):
    """A Decimal and its currency as "−5,693.50 EUR", grouped as the language does it, with a minus sign and not a hyphen."""
    return f"{_sign(amount)}{number_format(abs(amount), 2, force_grouping=True)} {currency}"


def in_short(amount, currency):
    """The same for a button: "5,693.50 EUR", and "50 EUR" where it is even."""
    return in_words(amount, currency) if amount % 1 else f"{_sign(amount)}{number_format(abs(amount), 0, force_grouping=True)} {currency}"


def _sign(amount):
    return "−" if amount < 0 else ""
