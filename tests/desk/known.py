"""Tickets whose figures are known, written as rows: what the pages say about them can be counted on one's fingers."""

import re
from contextlib import contextmanager
from html import unescape

from django.db import connections
from django.test import Client

from tickets.models import Ticket


def make(cast, at, **fields):
    """A ticket of Nord's about cancelling a number, running, with Ada as its owner, unless `fields` say otherwise."""
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


def enter(user):
    client = Client()
    client.force_login(user)
    return client


def listed(client, url):
    """The numbers of the tickets that the queue lists at this address."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return {row["number"] for row in answer.context["tickets"]}


def links(html, beginning="/desk/?"):
    """The addresses of a page that begin like this."""
    return [unescape(url) for url in re.findall(r'href="([^"]+)"', html) if url.startswith(beginning)]


@contextmanager
def kept_busy(*tables):
    """Another connection keeps these tables to itself, so that every question about them lasts longer than it may."""
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        other.rollback()
        other.close()
