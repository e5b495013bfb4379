"""How sentences name several things, days, and figures of which the decimals say nothing."""

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _


def first_of(names, most=3):
    """The first few of these names in a line, and how many more there are."""
    more = _(" and %(count)s more") % {"count": len(names) - most} if len(names) > most else ""
    return ", ".join(names[:most]) + more


def plain(figure):
    """A Decimal without zeros at its end: 15.00 is "15"."""
    return f"{figure.normalize():f}"


def day_in_full(day):
    """A day as sentences name it: 1 March 2027."""
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def as_announced(book, code, day, *, origin, today):
    """A sentence for a finding that names a later `day`: what the value is for who asks then, where that is announced; else empty."""
    now, then = (each.cite(code, origin=origin)[code] for each in (book, book.at(day)))
    return "" if now == then or book.on != today else " " + _("For requests made then, it is %(value)s, as announced.") % {"value": then}
