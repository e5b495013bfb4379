"""Snoozed tickets: the lists they leave, what wakes them, and that it is reported once. Nord is served from Rome."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from desk.filters import matching
from desk.models import Agent, Notice
from desk.pages import rail
from desk.pages import snoozed as pages
from desk.services import action_runner, bulk, owners, round_robin, sla_warnings, snooze_wakeups
from tests.desk.conftest import question
from tests.sla.test_clocks import utc
from tests.tickets.actions import ask
from tickets.models import Event, Ticket
from tickets.services import agent_actions, consents, conversation, execution
from tickets.services.lifecycle import NotNow
from tickets.services.snoozing import snooze, wake
from web.templatetags.careline import unbroken

MOMENT = utc("23 08:00")  # Monday at nine in Rome
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def ticket(cast, now):
    ticket = question(cast, now)
    owners.assign(ticket.pk, cast.agent, actor=cast.agent, at=now)
    return ticket


@pytest.fixture
def snoozed(cast, ticket, now):
    return snooze(ticket.pk, MOMENT, actor=cast.agent, at=now)


def snoozed_until(ticket):
    return Ticket.objects.values_list("snoozed_until", flat=True).get(pk=ticket.pk)


def wake_notices():
    return list(Notice.objects.filter(kind="awake").order_by("pk").values_list("user__full_name", "ticket", "at"))


def lines(ticket):
    """Return what the timeline says about snoozing: (who, until)."""
    found = ticket.events.filter(data__field="snoozed_until").order_by("pk")
    assert all(event.is_internal for event in found)
    return [(str(event.actor or ""), event.data["new"]) for event in found]


OUT = ("", "view=mine", "view=waiting", "view=unassigned", "topic=Billing", "partner=NORD", "owner=me")
IN = ("view=all", "q=invoice", "view=soon", "view=all&owner=me", "order=due&view=all")


def test_working_views_exclude_snoozed_tickets_until_due(cast, snoozed):
    Ticket.objects.update(due_at=MOMENT)

    def found(query, at):
        return snoozed in matching(query, user=cast.agent, now=at)

    before, after = MOMENT - MINUTE, MOMENT + MINUTE
    assert [query for query in OUT if found(query, before)] == []
    assert [query for query in IN if not found(query, before)] == []
    assert found("view=snoozed&order=wakes", before) and not found("view=snoozed&order=wakes", MOMENT)
    for at in (MOMENT, after):
        assert [query for query in OUT if found(query, at)] == ["", "view=mine", "topic=Billing", "partner=NORD", "owner=me"]
    shown = [rail.counts(cast.agent, at) for at in (before, MOMENT)]
    assert [(one["snoozed"], one["mine"], one["open"], one["topic:Billing"], one["soon"]) for one in shown] == [
        ("1", "", "", "", "1"),
        ("", "1", "1", "1", "1"),
    ]


def test_owner_is_notified_once_on_waking(cast, ticket, snoozed):
    assert snooze_wakeups.wake_due(at=MOMENT - MINUTE) == 0
    assert snooze_wakeups.wake_due(at=MOMENT + MINUTE) == 1
    assert snooze_wakeups.wake_due(at=MOMENT + MINUTE) == 0
    assert wake_notices() == [("Ada Agent", ticket.pk, MOMENT)] and snoozed_until(ticket) is None
    assert lines(ticket) == [("Ada Agent", "Mon 23 Nov 2026, 09:00"), ("", "")]
    assert ticket.events.latest("pk").at == MOMENT


@pytest.mark.django_db(transaction=True)
def test_concurrent_and_killed_workers_notify_once(cast, many, now, monkeypatch):
    Ticket.objects.filter(pk__in=many(30, assignee=cast.agent)).update(snoozed_until=MOMENT)

    def dies(_people):
        raise KeyboardInterrupt

    monkeypatch.setattr(snooze_wakeups, "_news", dies)
    with pytest.raises(KeyboardInterrupt):
        snooze_wakeups.wake_due(at=MOMENT)
    monkeypatch.undo()
    assert Ticket.objects.exclude(snoozed_until=None).count() == 30 and wake_notices() == []

    def work(_round):
        try:
            return snooze_wakeups.wake_due(at=MOMENT)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(work, range(4))) == 30
    assert len(wake_notices()) == Event.objects.filter(kind="status").count() == 30


def test_unowned_ticket_notifies_the_snoozing_agent(cast, now, open_question):
    snooze(open_question.pk, MOMENT, actor=cast.agent2, at=now)
    Agent.objects.create(user=cast.agent, takes_tickets=True)
    assert round_robin.assign_new(at=MOMENT - MINUTE) == 0, "nobody is given what is put off"
    snooze_wakeups.wake_due(at=MOMENT)
    assert wake_notices() == [("Ben Agent", open_question.pk, MOMENT)]
    assert round_robin.assign_new(at=MOMENT) == 1


def test_partner_message_wakes_the_ticket_and_notifies_its_owner(cast, ticket, snoozed, now):
    conversation.note(ticket.pk, "Still waiting.", author=cast.agent2, at=now + MINUTE)
    for ours in (cast.agent, None):  # also a message that Careline writes by itself
        conversation.reply(ticket.pk, "We look.", author=ours, at=now + MINUTE)
    assert snoozed_until(ticket) == MOMENT and wake_notices() == []
    at = now + 2 * MINUTE
    conversation.reply(ticket.pk, "And a third line.", author=cast.nora, at=at)
    assert ticket in matching("view=mine", user=cast.agent, now=at)
    assert snooze_wakeups.wake_due(at=at) == 1
    assert wake_notices() == [("Ada Agent", ticket.pk, at)]
    kinds = ticket.events.filter(at=at).order_by("at", "pk").values_list("kind", flat=True)
    assert list(kinds) == ["message", "status"]


def test_party_decision_and_execution_wake_the_ticket(cast, now):
    moved = ask(cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="SUD", description="It asked us.")
    snooze(moved.pk, MOMENT, actor=cast.agent, at=now)
    party = moved.confirmations.first()
    consents.decide(party, "agreed", name="Nils", at=now + MINUTE)
    assert snoozed_until(moved) == now + MINUTE
    cancelled = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    snooze(cancelled.pk, MOMENT, actor=cast.agent, at=now)
    execution.request_execution(cancelled.pk, actor=cast.agent, at=now)
    assert snoozed_until(cancelled) == MOMENT
    execution.execute(cancelled.pk, at=now + MINUTE)
    assert snoozed_until(cancelled) is None


def test_assigning_to_another_wakes_the_ticket_and_taking_does_not(cast, ticket, snoozed, now):
    owners.assign(ticket.pk, cast.agent2, actor=cast.agent2, at=now)
    assert snoozed_until(ticket) == MOMENT
    owners.assign(ticket.pk, None, actor=cast.agent2, at=now)
    assert snoozed_until(ticket) == MOMENT
    owners.assign(ticket.pk, cast.agent, actor=cast.lead, at=now)
    assert snoozed_until(ticket) is None and lines(ticket)[-1] == ("Lea Lead", "")
    snooze(ticket.pk, MOMENT, actor=cast.agent, at=now)
    actions = [action_runner.stored_action("assign", str(cast.agent2.pk), user=cast.agent)]
    _worked(bulk.start(actions=actions, title="Assign", by=cast.lead, at=now, numbers=[ticket.pk]), now)
    assert snoozed_until(ticket) is None and lines(ticket)[-1] == ("Lea Lead", "")


def test_solved_ticket_cannot_be_snoozed(cast, ticket, snoozed, now):
    agent_actions.set_status(ticket.pk, "solved", actor=cast.agent, at=now)
    assert snoozed_until(ticket) is None
    with pytest.raises(NotNow):
        snooze(ticket.pk, MOMENT, actor=cast.agent, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(snoozed_until=MOMENT)


def test_clocks_and_breach_notices_continue_while_snoozed(cast, now):
    late = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    agent_actions.assign(late.pk, cast.agent, actor=cast.agent, at=now)
    snooze(late.pk, MOMENT, actor=cast.agent, at=now)
    late.refresh_from_db()
    assert late.due_at == utc("18 17:00")
    assert sla_warnings.warn(at=utc("18 16:30")) == 1
    assert late in matching("view=soon", user=cast.agent, now=utc("18 16:30"))
    day = f"view=all&status=new&status=open&owner=me&due_to={now.date()}"
    assert late in matching(day, user=cast.agent, now=now)


def test_bulk_snooze_uses_each_tickets_support_hours(cast, now, many):
    york = many(1)
    cast.sud.region = "US"
    cast.sud.save()
    Ticket.objects.filter(pk__in=york).update(partner=cast.sud)
    before, rome, over = many(1, snoozed_until=MOMENT), many(1), many(1, status="solved", solved_at=now)
    numbers = [*york, *before, *rome, *over]
    actions = [action_runner.stored_action("snooze", "workday", user=cast.agent, at=now)]
    assert bulk.preview(bulk.tickets_of(user=cast.agent, at=now, numbers=numbers), actions, actor=cast.agent)["refused"] == 1
    job = bulk.start(actions=actions, title="Snooze", by=cast.agent, at=now, numbers=numbers)
    job = _worked(job, now + MINUTE)
    moments = dict(Ticket.objects.values_list("pk", "snoozed_until"))
    assert [moments[number] for number in numbers] == [utc("19 14:00"), utc("19 08:00"), utc("19 08:00"), None]
    assert (job.done, job.failed) == (3, 1)
    wake(rome[0], actor=cast.lead, at=now + MINUTE)
    bulk.undo(job, by=cast.agent, at=now + MINUTE)
    job = _worked(job, now + 2 * MINUTE)
    moments = dict(Ticket.objects.values_list("pk", "snoozed_until"))
    assert [moments[number] for number in numbers] == [None, MOMENT, None, None]
    assert job.changes.get(ticket=rome[0]).error == "Left unchanged: snooze"


def _worked(job, at):
    while bulk.work(job.pk, at=at):
        pass
    job.refresh_from_db()
    return job


def test_tomorrow_is_relative_to_the_request_not_the_worker(cast, now, many):
    (number,) = many(1)
    actions = [action_runner.stored_action("snooze", "tomorrow", user=cast.agent)]
    job = bulk.start(actions=actions, title="Snooze", by=cast.agent, at=now, numbers=[number])
    _worked(job, now + datetime.timedelta(hours=15))
    assert Ticket.objects.get(pk=number).snoozed_until == utc("19 08:00"), "the worker came after midnight"


def test_agent_can_snooze_and_wake_and_errors_are_at_the_field(cast, ticket, client, sign_in):
    client.force_login(cast.agent)
    address = f"/desk/{ticket.pk}/"
    assert "snooze-choice" not in client.get(address).content.decode(), "it is fetched when it is asked for"
    offered = client.get(f"{address}snooze/", headers={"HX-Request": "true"}).context["snooze"]["choices"]
    assert client.get(f"{address}snooze/").context["snooze"]["choices"] == offered
    assert len(offered) == len({choice["value"] for choice in offered}) >= 3
    answer = client.post(f"{address}snooze/", {"until": offered[0]["value"]}, follow=True)
    assert snoozed_until(ticket).isoformat() == offered[0]["value"]
    page = answer.content.decode()
    assert unbroken(f"Snoozed until {offered[0]['words']}.") in page and "End snooze" in page
    listed = client.get("/desk/?view=snoozed&order=wakes").content.decode()
    assert f"until {offered[0]['words']}" in listed
    assert f"until {offered[0]['words']}" in client.get(f"{address}preview/").content.decode()
    for given, words in (
        ({"day": "2020-01-01"}, "in the future"),
        ({"day": "2099-01-01"}, "for at most a year"),
        ({"day": "soon"}, "Enter a valid date"),
        ({"day": ""}, "Enter a date."),
        ({"until": "2020-01-01T09:00:00+00:00"}, "in the future"),
        ({"until": "0001-01-01T00:00:00+14:00"}, "in the future"),
    ):
        refused = client.post(f"{address}snooze/", given)
        shown = refused.content.decode()
        assert (refused.status_code, words in shown, "data-open" in shown) == (400, True, True), given
        assert f'value="{given.get("day", "")}"' in shown
    assert snoozed_until(ticket).isoformat() == offered[0]["value"]
    partner = sign_in(cast.nora)
    for place in ("/portal/requests/", f"/portal/requests/{ticket.pk}/", f"/api/v1/tickets/{ticket.pk}/"):
        assert "nooze" not in partner.get(place).content.decode()
    sign_in(cast.agent).post(f"{address}wake/")
    assert snoozed_until(ticket) is None and [new for _who, new in lines(ticket)][-1] == ""


def test_bulk_snooze_shows_dates_before_confirming(cast, ticket, client):
    client.force_login(cast.agent)
    with time_machine.travel(utc("18 16:00"), tick=False):  # in Rome support has an hour left, in New York more
        offered = dict(pages.dates(timezone.now()))
        bar = client.get("/desk/bulk/").content.decode()
        seen = client.post("/desk/bulk/", {"numbers": [ticket.pk], "do": "snooze:monday"}).content.decode()
    assert offered["later"] == "Wed 18 Nov, 14:00 New York; Thu 19 Nov, 11:00 Rome" and offered["week"] == "Wed 25 Nov, 09:00"
    assert len(offered) == 5 and all(f"({words})</option>" in bar for words in offered.values())
    in_boxing_week = dict(pages.dates(datetime.datetime(2026, 12, 24, 22, tzinfo=datetime.UTC)))["workday"]
    assert in_boxing_week.endswith("; Tue 29 Dec, 09:00 Rome (United Kingdom)"), "the others of Rome work on Monday"
    assert "Snoozed until Mon" in seen and "09:00 (Europe/Rome)" in seen
    refused = client.post("/desk/bulk/", {"numbers": [ticket.pk], "do": "snooze_day", "value": "2020-01-01"})
    assert refused.status_code == 400 and "in the future" in refused.content.decode() and "2020-01-01" in refused.content.decode()
    assert client.post("/desk/bulk/", {"numbers": [ticket.pk], "do": "snooze_day", "value": "tomorrow"}).status_code == 400
    assert client.post("/desk/bulk/", {"numbers": [ticket.pk], "do": "wake:"}).status_code == 200


def test_query_count_is_independent_of_snoozed_tickets(cast, many, client, fetch, now):
    client.force_login(cast.agent)
    soon = timezone.now() + MINUTE

    def questions():
        return [fetch(path)[1] for path in ("/desk/?view=snoozed&order=wakes", "/desk/?view=all")]

    fetch("/desk/")
    Ticket.objects.filter(pk__in=many(1)).update(snoozed_until=soon)
    few = questions()
    Ticket.objects.filter(pk__in=many(3)).update(snoozed_until=soon)
    assert questions() == few


def test_automation_can_snooze(cast, ticket, now):
    action_runner.perform(
        ticket.pk, [action_runner.stored_action("snooze", "week", user=None)], actor=None, at=now, automation=7, by="Later"
    )
    assert snoozed_until(ticket) == utc("25 08:00")
    assert lines(ticket) == [("", "Wed 25 Nov 2026, 09:00")]
