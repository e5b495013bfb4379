"""Tickets with known figures, written as rows, so that what pages say about them can be counted by hand."""

import re
from contextlib import contextmanager
from html import unescape

from django.db import connections
from django.test import Client

from tickets.models import Ticket


def make(cast, at, **fields):
    """Create a running ticket of Nord's about cancelling a number, with Ada as its owner, unless `fields` say otherwise."""
    values = {
        "type_code": "did_cancel",
        "topic": "CLASSOUND",
        "subject": "Cancel +49 89 81000400",
        "status": "open",
        "partner": cast.nord,
        "requester": cast.nora,
        "assignee": cast.agent,
        "answers": {"dids": [cast.did.number]},
        "verdict": {"outcome": "allowed", "findings": [], "charges": []},
        "policy_on": at.date(),
        "created_at": at,
        "updated_at": at,
    } | fields
    if values["status"] in ("solved", "closed"):
        values.setdefault("solved_at", at)
    return Ticket.objects.create(**values)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def listed(client, url):
    """Return the numbers of the tickets that the queue lists at this URL."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return {row["number"] for row in answer.context["tickets"]}


def links(html, beginning="/desk/?"):
    """Return the links of a page that begin with this text."""
    return [unescape(url) for url in re.findall(r'href="([^"]+)"', html) if url.startswith(beginning)]


@contextmanager
def locked_tables(*tables):
    """Lock these tables on another connection, so that every query about them exceeds its time limit."""
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        other.rollback()
        other.close()
