"""Tickets for the desk's tests: a question of Nora's, many of them cheaply, and the database queries of pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import tasks
from partners.models import User
from tests.desk.corrections import RMA
from tests.tickets.actions import ask
from tickets.models import Event, Ticket


@pytest.fixture
def ticket(cast, now):
    """A question of Nora's."""
    return question(cast, now)


@pytest.fixture
def fetch(client):
    """fetch(path) returns (response, number of database queries)."""

    def get(path, **headers):
        with CaptureQueriesContext(connection) as questions:
            answer = client.get(path, **headers)
        assert answer.status_code == 200, path
        return answer, len(questions.captured_queries)

    return get


def question(cast, now, subject="Two lines on the invoice", message="Please explain both lines."):
    return ask(cast.nora, "general_question", now, topic="Billing", subject=subject, message=message)


@pytest.fixture
def open_question(cast, now):
    """Submit a general question of Nora's."""
    return ask(cast.nora, "general_question", now, topic="General", subject="Fair in Kiel", message="Are you at the fair in Kiel?")


@pytest.fixture
def many(cast, now):
    """many(n) creates n open questions of Nord's as rows, and returns their numbers."""

    def make(count, **fields):
        values = {"type_code": "general_question", "topic": "General", "status": "open", "partner": cast.nord, "requester": cast.nora}
        values |= {"policy_on": now.date(), "created_at": now, "updated_at": now, "verdict": {"outcome": "allowed", "findings": []}}
        rows = Ticket.objects.bulk_create(Ticket(subject=f"Question {n}", **values | fields) for n in range(count))
        return [ticket.pk for ticket in rows]

    return make


@pytest.fixture(autouse=True)
def _no_time_limit_for_tasks(monkeypatch):
    """However slow the machine is, a task finishes in one go."""
    monkeypatch.setattr(tasks, "WORKING_SECONDS", 60)


@pytest.fixture
def work():
    """work(job) does what the worker does when it is notified of a job."""

    def do(job):
        tasks.bulk(job.pk)
        job.refresh_from_db()
        return job

    return do


@pytest.fixture
def event_kinds():
    """event_kinds(number) returns the kinds of the events of a ticket, oldest first."""
    return lambda number: list(Event.objects.filter(ticket=number).values_list("kind", flat=True))


@pytest.fixture
def bea(db):
    """A second administrator, who approves what Ari proposes."""
    return User.objects.create_user("bea@care.example", full_name="Bea Second", role="admin")


@pytest.fixture
def rma(cast, now):
    """A request of Nora's to replace a device, which costs the delivery."""
    return ask(cast.nora, "rma", now, serial=cast.phone.serial, accepted="34.00", **RMA)
