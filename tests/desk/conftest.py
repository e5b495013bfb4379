"""A ticket of Nora's, and what its page asks the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tickets.acts import ask


@pytest.fixture
def ticket(cast, now):
    """A question of Nora's."""
    return question(cast, now)


@pytest.fixture
def asked(client):
    """asked(path) gives (answer, number of questions to the database)."""

    def get(path, **headers):
        with CaptureQueriesContext(connection) as questions:
            answer = client.get(path, **headers)
        assert answer.status_code == 200, path
        return answer, len(questions.captured_queries)

    return get


def question(cast, now, subject="Two lines on the invoice", message="Please explain both lines."):
    return ask(cast.nora, "general_question", now, topic="Billing", subject=subject, message=message)
