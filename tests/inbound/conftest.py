"""A ticket that is answered by mail."""

import pytest

from tests.tickets.acts import ask


@pytest.fixture
def ticket(cast, now):
    return ask(cast.nora, "general_question", now, topic="General", subject="A case", message="Is there a case that can be washed?")
