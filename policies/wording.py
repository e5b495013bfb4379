"""Wording of lists, dates and figures within sentences."""

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _


def first_of(names, most=3):
    """Return the first few names in one line, and how many more there are."""
    more = _(" and %(count)s more") % {"count": len(names) - most} if len(names) > most else ""
    return ", ".join(names[:most]) + more


def without_trailing_zeros(figure):
    """Return a Decimal without trailing zeros: 15.00 becomes "15"."""
    return f"{figure.normalize():f}"


def day_in_full(day):
    """Return a date as written in sentences: 1 March 2027."""
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def announced_sentence(book, code, day, *, origin, today):
    """Return a sentence for a finding that names a later `day`: the value announced for requests submitted then; "" if unchanged."""
    now, then = (each.cite(code, origin=origin)[code] for each in (book, book.at(day)))
    return "" if now == then or book.on != today else " " + _("For requests made then, it is %(value)s, as announced.") % {"value": then}
