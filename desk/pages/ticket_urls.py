"""The URLs of a ticket at the desk: each is resolved once, since a page has dozens of them."""

from functools import cache

from django.urls import get_script_prefix, reverse

PLACE = 10**15  # placeholder for the number; no ticket has it


def urls_of(number):
    """Return a function from URL names of the desk to the URLs of this ticket: urls_of(17)("reply") is /desk/17/reply/.

    The URLs are those of `reverse`. Raise NoReverseMatch for an unknown name.
    """
    prefix = get_script_prefix()

    def address(name):
        before, after = _around(name, prefix)
        return f"{before}{number}{after}"

    return address


@cache
def _around(name, _prefix):
    before, after = reverse(f"desk:{name}", args=[PLACE]).split(str(PLACE))
    return before, after
