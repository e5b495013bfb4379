"""Who does what and by when, by keyboard: how agents work, tickets assigned in turn, a notice before a promise is broken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk import tasks
from desk.models import Agent
from desk.services import sla_warnings
from tests.desk.conftest import question
from tests.durability.stack import until
from tickets.models import Ticket
from tickets.services import clocks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def test_new_tickets_go_to_available_agents_who_know_the_topic(desk, cast, now):
    page = desk(cast.lead)
    page.press("g", "t")
    page.arrives("/desk/team/")
    page.sees("not assigned", "main")
    page.push(f"a[href='/desk/team/{cast.agent.pk}/']")
    page.tick("[name=takes_tickets]")
    page.fill("[name=capacity]", "1")
    page.tick("[name=topics][value=Billing]")
    page.look("how one works")
    page.push(".form-actions button")
    page.sees("0 of 1", "main table")
    page.push(f"a[href='/desk/team/{cast.agent2.pk}/']")
    page.tick("[name=takes_tickets]")
    page.to("[name=away_from]")
    page.write(f"{now:%m%d%Y}")
    page.push(".form-actions button")
    page.sees("not while away", "main table")
    page.look("team")
    first, second = question(cast, now), question(cast, now, subject="Another line")
    tasks.give_out.delay()
    until(lambda: Ticket.objects.get(pk=first.pk).assignee, "the first ticket's owner")
    assert Ticket.objects.get(pk=first.pk).assignee == cast.agent and Ticket.objects.get(pk=second.pk).assignee is None
    assert Agent.objects.get(user=cast.agent2).is_away(now.date())
    page.press("g", "t")
    page.sees("limit reached", "main table")


def test_owner_is_notified_before_a_promise_is_broken(desk, cast, now, ticket):
    at = next(hour for n in range(24 * 14) if calendar_of(cast.nord).is_open(hour := now + timedelta(hours=n)))
    Ticket.objects.update(assignee=cast.agent, first_due_at=at + timedelta(minutes=30), due_at=at + timedelta(minutes=30))
    sla_warnings.warn(at=at)
    page = desk(cast.agent)
    page.page.locator("[data-count=notices]:text-is('1')").wait_for(state="attached")
    page.press("a")
    page.arrives("/notices/")
    page.sees("Due soon", ".unread")
    page.look("told")
    page.push(f".unread a:has-text('{ticket.subject}')")
    page.arrives(f"/desk/{ticket.pk}/")
    page.tick(".clock summary")
    page.sees("1 business day", ".clock[open]")
    page.look("due soon")


def calendar_of(partner):
    return clocks.promises(timezone.now()).calendars[partner.region]
