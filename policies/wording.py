"""How sentences name several things, and figures of which the decimals say nothing."""

from django.utils.translation import gettext as _


def first_of(names, most=3):
    """The first few of these names in a line, and how many more there are."""
    more = _(" and %(count)s more") % {"count": len(names) - most} if len(names) > most else ""
    return ", ".join(names[:most]) + more


def plain(figure):
    """A Decimal without zeros at its end: 15.00 is "15"."""
    return f"{figure.normalize():f}"
