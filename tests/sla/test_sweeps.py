"""Automatic effects of time: notices before a breach (SLA-7), assigning owners in turn, closing (SLA-8).

Each is safe to run twice, also concurrently.
"""

import datetime
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from desk.models import Agent, Notice
from desk.services import round_robin, sla_warnings, snooze_action
from desk.services.notices import notify
from desk.services.owners import release
from partners import team
from tests.cast import make_did
from tests.sla.test_clocks import utc
from tests.tickets.actions import ask, carry_out, send_mails
from tickets.models import Event, Ticket
from tickets.services import agent_actions, closing, conversation
from tickets.services.lifecycle import lock


def notices_sent():
    return [(notice.user.email.partition("@")[0], notice.kind) for notice in Notice.objects.order_by("pk")]


def test_warning_comes_once_an_hour_before_the_breach(cast, ticket, sign_in):
    assert sla_warnings.warn(at=utc("18 15:59")) == 0
    assert sla_warnings.warn(at=utc("18 16:00")) == 1
    assert sla_warnings.warn(at=utc("18 16:01")) == 0
    assert notices_sent() == [("lead", "due")], "without an owner it is the leads who are told"
    Notice.objects.create(user=cast.lead, kind="due", key="earlier", ticket=ticket, text="at 16:59 UTC", at=utc("18 16:02"))
    page = sign_in(cast.lead).get("/desk/notices/").text
    assert re.search(r"Due soon</b>\s*· by <time [^>]*T17:00:00", page), "each reader's own time"
    assert "at 16:59 UTC" in page, "as earlier releases wrote it"
    Notice.objects.filter(key="earlier").delete()
    Ticket.objects.update(warned_for=None)
    sla_warnings.warn(at=utc("18 16:02"))
    assert len(notices_sent()) == 1, "the same news is told once"


def test_owner_is_warned_and_again_for_another_due_time(cast, ticket):
    agent_actions.assign(ticket.pk, cast.agent, actor=cast.agent, at=utc("18 11:00"))
    sla_warnings.warn(at=utc("18 16:30"))
    conversation.reply(ticket.pk, "We look.", author=cast.agent, at=utc("18 16:40"))
    assert sla_warnings.warn(at=utc("18 16:45")) == 0
    Agent.objects.create(user=cast.agent, away_from=utc("24 00:00").date(), away_until=utc("25 00:00").date())
    sla_warnings.warn(at=utc("24 16:30"))
    assert notices_sent() == [("agent", "due"), ("lead", "due")], "the leads for one who is away"


def test_ticket_due_later_is_warned_of_later(cast, ticket):
    ask(cast.nora, "did_cancel", utc("19 10:00"), dids=[cast.range.number])
    assert [sla_warnings.warn(at=utc(f"{day} 16:00")) for day in (18, 19)] == [1, 1]


def test_waiting_ticket_causes_no_warning(cast, ticket):
    conversation.ask_partner(ticket.pk, "Which?", author=cast.agent, at=utc("18 11:00"))
    assert sla_warnings.warn(at=utc("24 16:30")) == 0


def test_notify_returns_whether_it_was_news(cast, now):
    assert notify(cast.agent, Notice.Kind.JOB, "job:1", text="Done.", at=now)
    assert not notify(cast.agent, Notice.Kind.JOB, "job:1", text="Done.", at=now)
    assert notify(cast.lead, Notice.Kind.JOB, "job:1", at=now)


def owners():
    return list(Ticket.objects.order_by("number").values_list("assignee__full_name", flat=True))


@pytest.fixture
def four_tickets(cast, now):
    dids = [make_did(f"+4989810008{place}", cast.pbx, activated_on=cast.did.activated_on).number for place in range(4)]
    return [ask(cast.nora, "did_cancel", now, dids=[number]) for number in dids]


def test_tickets_are_assigned_in_turn_up_to_capacity(cast, now, four_tickets):
    assert round_robin.assign_new(at=now) == 0, "nobody takes any"
    ada = Agent.objects.create(user=cast.agent, takes_tickets=True, capacity=1)
    Agent.objects.create(user=cast.agent2, takes_tickets=True, capacity=2, topics=["CLASSOUND"])
    Agent.objects.create(user=cast.lead, takes_tickets=True, topics=["HWaaS"])
    Agent.objects.create(user=cast.admin, takes_tickets=True, away_from=now.date(), away_until=now.date())
    assert round_robin.assign_new(at=now) == 3
    assert owners() == ["Ada Agent", "Ben Agent", "Ben Agent", None], "by turn, room, skill and absence"
    assert round_robin.assign_new(at=now) == 0
    event = Event.objects.filter(kind="assigned").first()
    assert (event.data, event.is_internal, event.actor) == ({"to": "Ada Agent", "reason": "round robin"}, True, None)
    assert notices_sent() == [("agent", "assigned"), ("ben", "assigned"), ("ben", "assigned")]
    Agent.objects.filter(pk=ada.pk).update(capacity=9)
    agent_actions.assign(four_tickets[0].pk, None, actor=cast.lead, at=now)
    assert round_robin.assign_new(at=now) == 1
    assert owners() == [None, "Ben Agent", "Ben Agent", "Ada Agent"], "what a person gave back is nobody's to give again"


def test_tickets_of_an_owner_who_has_left_are_unassigned_and_given_to_others(cast, now, four_tickets, sign_in):
    mine, snoozed, done, others = four_tickets
    for ticket in (mine, snoozed, done):
        agent_actions.assign(ticket.pk, cast.agent, actor=cast.lead, at=now)
    agent_actions.assign(others.pk, cast.lead, actor=cast.lead, at=now)
    snooze_action.put_off(snoozed.pk, "tomorrow", actor=cast.agent, at=now)
    carry_out(done, cast.agent, now)
    assert release(at=now) == 0
    team.deactivate(cast.agent, at=now)
    assert (release(at=now), release(at=now)) == (2, 0)
    assert owners() == [None, None, "Ada Agent", "Lea Lead"], "what is solved keeps its owner"
    assert "Ada Agent no longer has access, so this has no owner now" in sign_in(cast.lead).get(f"/desk/{mine.pk}/").text
    Agent.objects.create(user=cast.agent2, takes_tickets=True)
    assert round_robin.assign_new(at=now) == 1
    assert owners()[:2] == ["Ben Agent", None], "what is snoozed waits until it wakes"


def test_absent_agent_gets_tickets_the_day_after(cast, now, four_tickets):
    Agent.objects.create(user=cast.admin, takes_tickets=True, away_until=now.date())
    assert round_robin.assign_new(at=now) == 0
    assert round_robin.assign_new(at=now + datetime.timedelta(days=1)) == 4


@pytest.mark.django_db(transaction=True)
def test_concurrent_runs_assign_each_ticket_once(cast, now, four_tickets):
    for user in (cast.agent, cast.agent2):
        Agent.objects.create(user=user, takes_tickets=True)

    def give(_round):
        try:
            return round_robin.assign_new(at=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        given = sum(threads.map(give, range(6)))
    assert given == 4
    assert Event.objects.filter(kind="assigned").count() == 4
    assert sorted(owners()) == ["Ada Agent"] * 2 + ["Ben Agent"] * 2


@pytest.mark.django_db(transaction=True)
def test_locked_ticket_is_assigned_later(cast, now, four_tickets):
    Agent.objects.create(user=cast.agent, takes_tickets=True)

    def give():
        try:
            return round_robin.assign_new(at=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        lock(four_tickets[0].pk)
        assert threads.submit(give).result() == 3
    assert owners()[0] is None and round_robin.assign_new(at=now) == 1


def test_solved_tickets_close_after_a_week(cast, now, ticket, sign_in):
    carry_out(ticket, cast.agent, now)
    week = datetime.timedelta(days=7)
    send_mails(now)
    assert closing.close_solved(at=now + week - datetime.timedelta(minutes=1)) == 0
    assert closing.close_solved(at=now + week) == 1
    assert closing.close_solved(at=now + week) == 0
    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome, ticket.updated_at) == ("closed", "executed", now + week)
    assert ticket.events.get(kind="status").data == {"field": "status", "old": "Solved", "new": "Closed"}
    for user, page in ((cast.nora, "/portal/requests"), (cast.agent, "/desk")):
        assert "Solved" in sign_in(user).get(f"{page}/{ticket.pk}/").content.decode()


def test_request_rejected_after_its_execution_failed_closes_too(cast, now, ticket):
    Ticket.objects.update(execution=Ticket.Execution.FAILED, execution_attempts=5)
    agent_actions.reject(ticket.pk, "not_possible", "The carrier has no such number.", actor=cast.agent, at=now)
    send_mails(now)
    assert closing.close_solved(at=now + datetime.timedelta(days=7)) == 1
