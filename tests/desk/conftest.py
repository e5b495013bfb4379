"""Tickets for the desk's tests: many of them, cheaply, and one that can be answered."""

import pytest

from desk import tasks
from tests.tickets.acts import ask
from tickets.models import Event, Ticket


@pytest.fixture
def question(cast, now):
    """A general question of Nora's."""
    return ask(cast.nora, "general_question", now, topic="General", subject="Fair in Kiel", message="Are you at the fair in Kiel?")


@pytest.fixture
def many(cast, now):
    """many(n) makes n open questions of Nord's as rows, and gives their numbers."""

    def make(count, **fields):
        values = {"type_code": "general_question", "topic": "General", "status": "open", "partner": cast.nord, "requester": cast.nora}
        values |= {"policy_on": now.date(), "created_at": now, "updated_at": now, "verdict": {"outcome": "allowed", "findings": []}}
        rows = Ticket.objects.bulk_create(Ticket(subject=f"Question {n}", **values | fields) for n in range(count))
        return [ticket.pk for ticket in rows]

    return make


@pytest.fixture
def work():
    """work(job) is what the worker does when it is told of a job."""

    def do(job):
        tasks.bulk(job.pk)
        job.refresh_from_db()
        return job

    return do


@pytest.fixture
def told():
    """told(number) are the kinds of the events of a ticket, oldest first."""
    return lambda number: list(Event.objects.filter(ticket=number).values_list("kind", flat=True))
