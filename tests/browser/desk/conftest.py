"""Agents who use only the keyboard, in a wide window and at a phone's width (see keyboard.py)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.desk.keyboard import KeyboardUser
from tests.desk.conftest import many, question

__all__ = ["many"]  # a fixture there and here


@pytest.fixture(params=[1440, 360])
def width(request):
    """Each flow runs in a wide window and at a phone's width; each of its checks covers light and dark."""
    return request.param


@pytest.fixture
def desk(visit, width, request):
    """desk(user, address) returns that person's KeyboardUser at the page; any obstacle it met fails the test at its end.

    The clock of a page that is `timed` stands still until KeyboardUser.news.
    """
    everybody = []

    def sit(user, address="/desk/", *, timed=False):
        flow = request.node.originalname.removeprefix("test_")
        hands = KeyboardUser(visit(user, width=width, timed=timed), flow)
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
