"""The URLs of a ticket are composed as `reverse` would."""

import pytest
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix

from desk.pages.ticket_urls import urls_of


def test_urls_of_a_ticket_equal_reversed_ones():
    to = urls_of(17)
    assert [to(name) for name in ("ticket", "reply", "unmerge")] == [
        reverse(f"desk:{name}", args=[17]) for name in ("ticket", "reply", "unmerge")
    ]
    with pytest.raises(NoReverseMatch):
        to("nothing")
    prefix = get_script_prefix()
    try:
        set_script_prefix("/care/")
        assert urls_of(17)("reply") == reverse("desk:reply", args=[17]) and to("reply").startswith("/desk/")
    finally:
        set_script_prefix(prefix)
