"""The same change to many tickets: done once whatever happens to the worker, undone where nobody has changed anything since."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from desk.models import BulkJob, CannedAnswer, Macro, Notice
from desk.pages import day
from desk.pages import jobs as pages
from desk.services import bulk
from tests.markup import flat
from tests.tickets.actions import ask
from tickets.models import Event, Ticket
from tickets.services import agent_actions, tags
from tickets.services.lifecycle import NotNow

TAG = [{"do": "tag", "value": "fair"}, {"do": "priority", "value": "1"}]


@pytest.fixture
def start(cast, now):
    return lambda actions=TAG, **which: bulk.start(actions=actions, title="Tag", by=cast.agent, at=now, **which)


def test_bulk_change_of_a_view_is_applied_and_undone(cast, now, many, start, work):
    plain, tagged = many(230), many(3, tags=["fair", "kiel"], priority=1)
    job = work(start(query="topic=General&status=open"))
    assert (job.state, job.total, job.done, job.failed) == ("done", 233, 233, 0)
    assert Ticket.objects.filter(tags__contains=["fair"], priority=1).count() == 233
    assert Event.objects.filter(data__job=job.pk).count() == 460, "what was so already has no event"
    assert pages.detail(job, cast.agent)["summary"] == "Done: 230 tickets, 3 unchanged", "as the preview has foreseen"
    assert Notice.objects.filter(user=cast.agent, kind="job").count() == 1
    tags.change(plain[0], remove=("fair",), actor=cast.lead, at=now)
    agent_actions.prioritize(plain[1], 2, actor=cast.lead, at=now)
    bulk.undo(job, by=cast.agent, at=now)
    job = work(job)
    assert job.state == "undone"
    assert Ticket.objects.filter(tags__contains=["fair"]).count() == 3 and Ticket.objects.get(pk=tagged[0]).tags == ["fair", "kiel"]
    assert not Ticket.objects.filter(pk__in=plain, priority=1).exists()
    assert pages.detail(job, cast.agent)["summary"] == "Undone: 228 tickets, 2 not undone"
    assert [news["what"] for news in day.notices(day.notices_of(cast.agent))] == ["undone", "done"]
    assert [c.error for c in job.changes.exclude(error="")] == ["Left unchanged: tag fair", "Left unchanged: priority"]
    with pytest.raises(NotNow):
        bulk.undo(job, by=cast.agent, at=now)


def test_query_count_is_independent_of_the_number_of_tickets(many, start, now):
    counts = []
    for size in (1, 5, 150):  # the first one reads what a process caches
        job = start(numbers=many(size))
        with CaptureQueriesContext(connection) as asked:
            bulk.work(job.pk, at=now)
        counts.append(len(asked))
    assert counts[1] == counts[2] < 20


def test_undo_restores_each_owner(cast, now, many, start, work):
    first, second, third = many(2, assignee=cast.agent2), many(2), many(1, assignee=cast.lead)
    job = work(start([{"do": "assign", "value": "me"}], numbers=[*first, *second, *third]))
    assert set(Ticket.objects.values_list("assignee", flat=True)) == {cast.agent.pk}
    bulk.undo(job, by=cast.lead, at=now)
    work(job)
    owners = dict(Ticket.objects.values_list("pk", "assignee"))
    assert [owners[n] for n in (*first, *second, *third)] == [cast.agent2.pk] * 2 + [None] * 2 + [cast.lead.pk]


def test_preview_counts_tickets_with_empty_placeholders(cast, now, many, start, work):
    """Nothing is sent with an empty placeholder, so the preview's count excludes such tickets."""
    plain, about = many(2), ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    verdict = {"findings": [{"rule": "DID-1", "allowed_from": "2027-01-31"}, {"rule": "DID-2", "allowed_from": None}]}
    Ticket.objects.filter(pk=about.pk).update(verdict=verdict)
    numbers = [*plain, about.pk]
    answer = CannedAnswer.objects.create(title="About it", body="Dear {requester.name}, {asset} is looked into.")
    for asked, missing in (("canned", 2), ("reply", 2), ("note", 2)):
        actions = [{"do": asked, "value": str(answer.pk) if asked == "canned" else answer.body}]
        tickets = bulk.tickets_of(user=cast.agent, at=now, numbers=numbers)
        seen = bulk.preview(tickets, actions, actor=cast.agent)
        assert (seen["lacking"], seen["refused"], seen["idle"]) == (missing, 0, 0)
        job = work(start(actions, numbers=numbers))
        assert (job.done, job.failed) == (seen["total"] - missing, missing)
    tickets = bulk.tickets_of(user=cast.agent, at=now, numbers=numbers)
    assert pages.example(["Possible from {allowed_from}."], tickets, cast.agent)["lines"] == ["Possible from 31 January 2027."]
    never = [{"do": "ask", "value": "It is possible from {allowed_from}. And {partner.name}?"}]
    assert bulk.preview(tickets.filter(pk__in=plain), never, actor=cast.agent)["lacking"] == 2
    later = {"findings": [{"rule": "DID-1", "allowed_from": "2027-03-31"}]}  # what a refused execution found is newer
    Ticket.objects.filter(pk__in=[about.pk, plain[0]]).update(execution_verdict=later)
    assert bulk.preview(tickets, never, actor=cast.agent)["lacking"] == 1
    assert pages.example(["From {allowed_from}."], tickets.filter(pk=about.pk), cast.agent)["lines"] == ["From 31 March 2027."]


REPLY = {"do": "reply", "value": "We close what is older than the fair."}


@pytest.mark.parametrize(
    ("actions", "warns"),
    [
        ([{"do": "status", "value": "solved"}], True),
        ([{"do": "status", "value": "pending"}, {"do": "note", "value": "Which stand?"}], True),
        ([{"do": "status", "value": "open"}], False),
        ([{"do": "status", "value": "solved"}, REPLY], False),
        ([REPLY], False),
    ],
)
def test_preview_warns_of_a_status_that_partners_are_not_told_about(cast, many, client, actions, warns):
    client.force_login(cast.agent)
    macro = Macro.objects.create(title="Close", actions=actions)
    page = client.post("/desk/bulk/", {"do": f"macro:{macro.pk}", "numbers": many(2, status="new")}).text
    assert "This will change 2 tickets" in page and ("Partners get no message with this status" in page) == warns


def test_failed_tickets_are_listed_and_do_not_stop_others(cast, now, many, start, work):
    fine, closed = many(2), many(1, status="closed")
    actions = [{"do": "reply", "value": "Hello {requester.name}"}, {"do": "tag", "value": "told"}]
    seen = bulk.preview(bulk.tickets_of(user=cast.agent, at=now, numbers=[*fine, *closed]), actions, actor=cast.agent)
    assert seen == {"total": 3, "refused": 1, "lacking": 0, "idle": 0}
    job = work(start(actions, numbers=[*fine, *closed]))
    assert (job.done, job.failed) == (2, 1)
    assert [(c.ticket_id, "closed" in c.error) for c in job.changes.exclude(error="")] == [(closed[0], True)]
    assert Event.objects.filter(kind="message", body="Hello Nora Nord").count() == 2
    bulk.undo(job, by=cast.agent, at=now)
    work(job)
    assert not Ticket.objects.filter(tags__contains=["told"]).exists() and Event.objects.filter(kind="message").count() == 2


def test_technical_failure_is_recorded_and_not_retried_forever(many, start, work):
    job = work(start([{"do": "priority", "value": "3"}], numbers=many(2)))
    assert (job.state, job.done, job.failed) == ("done", 0, 2)
    assert "technical error" in job.changes.first().error


def test_form_sent_twice_creates_one_job(many, start):
    key, numbers = uuid.uuid4(), many(1)
    assert start(numbers=numbers, key=key) == start(numbers=numbers, key=key)
    assert BulkJob.objects.count() == 1


SAY = [{"do": "reply", "value": "The line is up again."}, {"do": "tag", "value": "line"}]


def test_tickets_just_changed_are_skipped_unless_confirmed(cast, now, many, start, work, client, that_day):
    """The response to the confirmation was lost: the person who selects and confirms again does not know that it arrived."""
    client.force_login(cast.agent)
    numbers, macro = many(3), Macro.objects.create(title="Up again", actions=SAY)
    chosen = {"do": f"macro:{macro.pk}", "numbers": numbers[:2]}
    client.post("/desk/bulk/", chosen | {"confirmed": "1", "key": uuid.uuid4()})
    page = flat(client.post("/desk/bulk/", chosen))
    assert "<h1>No tickets would change</h1>" in page and "2 tickets got the same from you within the last hour and are left out" in page
    assert 'name="confirmed"' not in page and 'name="again" value="1">Repeat for those tickets too' in page
    page = flat(client.post("/desk/bulk/", chosen | {"numbers": numbers}))
    assert "<h1>This will change 1 ticket</h1>" in page and "<p>3 tickets are selected.</p>" in page
    client.post("/desk/bulk/", chosen | {"numbers": numbers, "confirmed": "1", "key": uuid.uuid4()})
    first, second = BulkJob.objects.order_by("pk")
    assert (work(first).done, work(second).done) == (2, 1) and list(second.changes.values_list("ticket", flat=True)) == [numbers[2]]
    page = flat(client.post("/desk/bulk/", chosen | {"again": "1"}))
    assert "<h1>This will change 2 tickets</h1>" in page and "get it again" in page and 'name="again" value="1">Repeat' not in page
    client.post("/desk/bulk/", chosen | {"again": "1", "confirmed": "1", "key": uuid.uuid4()})
    work(BulkJob.objects.latest("pk"))
    assert Event.objects.filter(kind="message").count() == 5


def test_repeat_means_same_action_by_same_person_within_the_hour(cast, now, many, start, work):
    many(2, status="open")
    view = {"query": "status=open"}
    assert start(SAY, **view).total == 2 and start(SAY, **view).total == 0, "also before a worker has begun"
    assert start([{"do": "reply", "value": "The line is down."}], **view).total == 2, "something else"
    assert work(start(**view)).total == work(start(**view)).total == 2, "what is so already stays as it is, and says so"
    assert bulk.start(actions=SAY, title="Say", by=cast.agent2, at=now, **view).total == 2, "somebody else"
    job = BulkJob.objects.filter(by=cast.agent, actions=SAY).earliest("pk")
    bulk.undo(work(job), by=cast.agent, at=now)
    assert start(SAY, **view).total == 2 and start(SAY, **view).total == 0, "what was undone is no reason"
    again = [bulk.start(actions=SAY, title="Say", by=cast.agent, at=now + timedelta(minutes=minutes), **view) for minutes in (59, 60)]
    assert [job.total for job in again] == [0, 2], "an hour later"


def test_bulk_change_of_an_invalid_view_is_rejected(many, start):
    many(1)
    with pytest.raises(ValidationError):
        start(query="status=burnt&view=all")


def test_other_agents_cannot_undo_a_job(cast, now, many, start, work):
    job = work(start(numbers=many(1)))
    with pytest.raises(PermissionError):
        bulk.undo(job, by=cast.agent2, at=now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.thorough
def test_concurrent_and_killed_workers_apply_each_change_once(cast, now, many, start, work, monkeypatch):
    numbers = many(450)
    job = start(numbers=numbers)
    write = bulk.update_rows

    def dies(*args):
        write(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(bulk, "update_rows", dies)
    with pytest.raises(KeyboardInterrupt):
        bulk.work(job.pk, at=now)
    monkeypatch.undo()
    assert not Event.objects.filter(data__job=job.pk).exists() and not job.changes.exclude(done_at=None).exists()
    other = connections.create_connection("default")
    try:
        with transaction.atomic(), other.cursor() as cursor:  # another worker has the first slice, somebody else a ticket
            other.set_autocommit(False)
            cursor.execute("SELECT id FROM desk_bulkchange WHERE job_id = %s ORDER BY id LIMIT 200 FOR UPDATE", [job.pk])
            cursor.execute("SELECT number FROM tickets_ticket WHERE number = %s FOR UPDATE", [numbers[-1]])
            assert work(job).done == 249 and job.state == "running"
        other.rollback()
    finally:
        other.close()
    assert bulk.stalled(before=now) == [] and bulk.stalled(before=now.replace(year=2100)) == [job.pk]
    work(job), work(job)
    assert (job.state, job.done) == ("done", 450)
    assert Event.objects.filter(data__job=job.pk).count() == 900
