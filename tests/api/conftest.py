"""Programs with a token each, on the day of the cast."""

import datetime
import json

import pytest
import time_machine

from partners.models import ApiToken
from tests.api.openapi import as_described


class Program:
    """Call the API in a user's name. Bodies other than text are sent as JSON. Every response must match its description."""

    def __init__(self, client, token):
        self.client, self.headers = client, {"authorization": f"Token {token}"}

    def get(self, path, **query):
        return as_described(self.client.get(f"/api/v1/{path}", query, headers=self.headers))

    def post(self, path, body=None, key=None):
        headers = self.headers | ({"idempotency-key": key} if key is not None else {})
        raw = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        return as_described(self.client.post(f"/api/v1/{path}", raw, content_type="application/json", headers=headers))

    def upload(self, path, key=None, **parts):
        headers = self.headers | ({"idempotency-key": key} if key is not None else {})
        return as_described(self.client.post(f"/api/v1/{path}", parts, headers=headers))


@pytest.fixture(autouse=True)
def _clock_at_the_cast(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture(autouse=True)
def _own_rate_limits(own_hints):
    """Calls are counted for this test alone."""


@pytest.fixture
def program(client, now):
    """program(user) returns a Program with a token of that user."""
    return lambda user: Program(client, ApiToken.issue(user, expires_at=now + datetime.timedelta(days=1)))


@pytest.fixture
def nord(cast, program):
    return program(cast.nora)


@pytest.fixture
def sud(cast, program):
    return program(cast.sara)


@pytest.fixture
def staff(cast, program):
    return program(cast.agent)


@pytest.fixture
def lead(cast, program):
    return program(cast.lead)


@pytest.fixture
def porting(cast):
    """The fields of a paid request of Nora's: 50 EUR."""
    day = cast.porting.porting_date + datetime.timedelta(days=10)
    return {"did": cast.porting.number, "requested_date": day.isoformat(), "acknowledge_not_guaranteed": True}


@pytest.fixture
def ticket(cast, nord):
    """The number of a request of Nora's to cancel a number."""
    return nord.post("tickets/", {"type": "did_cancel", "fields": {"dids": [cast.did.number]}}).json()["number"]


@pytest.fixture
def execute(now):
    """execute(number) does what the worker does."""
    from tickets.services import execution, outbox

    def work(number):
        execution.execute(number, at=now)
        outbox.post_charges(number, at=now)

    return work
