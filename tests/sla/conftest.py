"""A ticket with running clocks."""

import pytest

from tests.tickets.actions import ask


@pytest.fixture
def ticket(cast, now):
    return ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
