"""Data that nobody needs any more is deleted, a slice at a time, and nothing else is."""

from datetime import timedelta

import pytest
from django.db import connection

from desk.models import Notice, Rehearsal, RehearsedRequest
from desk.tasks import forget_notices
from inbound.models import InboundMail
from inbound.tasks import forget_mails
from partners import retention
from partners.models import Session
from partners.tasks import forget_sessions
from tests.tickets.actions import ask
from tickets.models import IdempotencyRecord
from tickets.tasks import forget_forms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]


def test_expired_data_is_deleted_in_batches(cast, now, monkeypatch):
    monkeypatch.setattr(retention, "SLICE", 2)
    for n in range(5):
        Session.objects.create(session_key=f"over{n}", session_data="", expire_date=now - timedelta(hours=1 + n), seen_at=now)
        Notice.objects.create(user=cast.agent, kind=Notice.Kind.DUE, key=f"due:{n}", at=now - timedelta(days=366 + n))
        InboundMail.objects.create(digest=f"{n}", received_at=now - timedelta(days=91 + n), outcome=InboundMail.Outcome.UNKNOWN)
    ticket = ask(cast.nora, "general_question", now, topic="General", subject="A case", message="Is there a case that can be washed?")
    Session.objects.create(session_key="goes on", session_data="", expire_date=now + timedelta(hours=1), seen_at=now)
    Notice.objects.create(user=cast.agent, kind=Notice.Kind.DUE, key="due:last", at=now - timedelta(days=300))
    InboundMail.objects.create(digest="on a ticket", received_at=now - timedelta(days=900), ticket=ticket)
    for age in (300, 400):
        at = now - timedelta(days=age)
        told = Rehearsal.objects.create(
            code=f"{age}", valid_from=at.date(), value="1", note="A try", by=cast.admin, asked_at=at, moved_at=at
        )
        RehearsedRequest.objects.create(rehearsal=told, ticket=ticket, effect="dearer", before={}, after={})
    for age in (6, 8):
        for key, status, kept in (("form", 302, {"location": "/desk/"}), ("key", 201, {"text": "{}", "headers": {}})):
            at = now - timedelta(days=age)
            record = {"key": f"{key} {age}", "body_digest": "", "status": status, "response": kept}
            IdempotencyRecord.objects.create(user=cast.agent, created_at=at, **record)
    for forget in (forget_sessions, forget_notices, forget_mails, forget_forms):
        forget()
    assert {record.key for record in IdempotencyRecord.objects.all()} == {"form 6", "key 6", "key 8"}
    assert [session.pk for session in Session.objects.all()] == ["goes on"]
    assert [notice.key for notice in Notice.objects.all()] == ["due:last"]
    assert [mail.digest for mail in InboundMail.objects.all()] == ["on a ticket"]
    assert (
        [change.rehearsal.code for change in RehearsedRequest.objects.all()] == ["300"] == [told.code for told in Rehearsal.objects.all()]
    )


def test_form_cleanup_does_not_scan_api_responses(django_assert_num_queries):
    """They are large and kept for ever: beside two million of them a search for 5,000 forms took two seconds."""
    with django_assert_num_queries(1) as asked:
        forget_forms()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_nestloop = off")  # in a small table its join may be called a filter
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "form_to_forget" in plan and "Filter" not in plan and "response" not in asked[0]["sql"], plan
