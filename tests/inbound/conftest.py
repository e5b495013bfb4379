"""A ticket that is answered by e-mail."""

import pytest

from inbound import tasks
from tests.tickets.actions import ask


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch):
    """However slow the machine is, a task finishes in one go."""
    monkeypatch.setattr(tasks, "WORKING_SECONDS", 60)


@pytest.fixture
def ticket(cast, now):
    return ask(cast.nora, "general_question", now, topic="General", subject="A case", message="Is there a case that can be washed?")
