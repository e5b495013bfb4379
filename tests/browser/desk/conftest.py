"""Agents who use the keyboard alone, at a wide window and at a phone's width; every state in light and in dark (see hands.py)."""

import pytest

from tests.browser.desk.hands import Hands
from tests.desk.conftest import many, question

__all__ = ["many"]  # a fixture there and here


@pytest.fixture(params=[(1440, False), (360, True)], ids=["1440", "360"])
def window(request):
    """(width, dark): each flow is gone through at both."""
    return request.param


@pytest.fixture
def desk(visit, window, request):
    """desk(user, address) gives that person's hands at the page; whatever stood in their way fails the test at its end."""
    everybody = []
    width, dark = window

    def sit(user, address="/desk/"):
        flow = request.node.originalname.removeprefix("test_")
        hands = Hands(visit(user, width=width, dark=dark), flow, dark=dark)
        everybody.append(hands)
        return hands.open(address)

    yield sit
    assert [text for hands in everybody for text in hands.wrong] == []


@pytest.fixture
def ticket(cast, now):
    """A question of Nora's."""
    return question(cast, now)
