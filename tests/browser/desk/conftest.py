"""Agents who use the keyboard alone, at a wide window and at a phone's width, each in light and in dark (see hands.py)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.desk.hands import Hands
from tests.desk.conftest import many, question

__all__ = ["many"]  # a fixture there and here


def _window(width, scheme, *marks):
    return pytest.param((width, scheme == "dark"), id=f"{width}-{scheme}", marks=marks)


# The other two of the four are gone through in CI only, also of a flow that is tried every day.
CI = pytest.mark.thorough
WINDOWS = (_window(1440, "light"), _window(360, "dark"), _window(1440, "dark", CI), _window(360, "light", CI))


@pytest.fixture(params=WINDOWS)
def window(request):
    """(width, dark): each flow is gone through in all four."""
    return request.param


@pytest.fixture
def desk(visit, window, request):
    """desk(user, address) gives that person's hands at the page; whatever stood in their way fails the test at its end.

    The clock of a page that is `timed` stands still until Hands.news.
    """
    everybody = []
    width, dark = window

    def sit(user, address="/desk/", *, timed=False):
        flow = request.node.originalname.removeprefix("test_")
        hands = Hands(visit(user, width=width, dark=dark), flow, dark=dark)
        everybody.append(hands)
        if timed:
            hands.page.clock.install()
            hands.page.clock.pause_at(timezone.now() + timedelta(seconds=10))
        return hands.open(address)

    yield sit
    assert [text for hands in everybody for text in hands.wrong] == []


@pytest.fixture
def ticket(cast, now):
    """A question of Nora's."""
    return question(cast, now)
