"""Addresses that differ in one number only, as all those of a ticket: looked up once by name, since a page has dozens of them."""

from functools import cache

from django.urls import get_script_prefix, reverse

PLACE = 10**15  # stands for the number; no ticket has it


def numbered(app, number):
    """What gives the addresses of the app about this number, by their names: numbered("desk", 17)("reply") is /desk/17/reply/.

    As `reverse` gives them; raises NoReverseMatch for a name that there is none of.
    """
    prefix = get_script_prefix()

    def address(name):
        before, after = _around(f"{app}:{name}", prefix)
        return f"{before}{number}{after}"

    return address


@cache
def _around(name, _prefix):
    before, after = reverse(name, args=[PLACE]).split(str(PLACE))
    return before, after
