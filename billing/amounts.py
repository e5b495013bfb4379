"""Rounding and text formatting of amounts. Templates use components/money.html, which produces the same format."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

CENT = Decimal("0.01")


def round_to_cent(amount):
    """Return a computed Decimal as billed: an exact half cent is rounded away from zero, as in PostgreSQL."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def sum_by_currency(amounts):
    """Return {currency: sum} of (amount, currency) pairs; currencies are never mixed."""
    sums = {}
    for amount, currency in amounts:
        sums[currency] = sums.get(currency, 0) + amount
    return sums


def format_figure(number):
    """Return a number as "−5,693.50", for tables that show the currency elsewhere."""
    return f"{number:,.2f}".replace("-", "−")


def format_amount(amount, currency):
    """Return a Decimal and its currency as "−5,693.50 EUR", grouped as in the active language, with a true minus sign."""
    return f"{_sign(amount)}{number_format(abs(amount), 2, force_grouping=True)} {currency}"


def format_amount_short(amount, currency):
    """Return the same in short for buttons: "5,693.50 EUR", but "50 EUR" for a whole amount."""
    return (
        format_amount(amount, currency) if amount % 1 else f"{_sign(amount)}{number_format(abs(amount), 0, force_grouping=True)} {currency}"
    )


def _sign(amount):
    return "−" if amount < 0 else ""
