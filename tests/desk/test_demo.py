"""A demo's desk shows activity at its first start, and stays unchanged at the next ones."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Q

from desk.management.demo import life, team, values
from desk.management.demo.story import STORY
from desk.models import Agent, Automation, CannedAnswer, Macro, SavedView
from estate import demo
from partners.models import Partner, User
from policies.models import PolicyValue
from tests.desk.figures import client_of
from tickets.models import Event, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(request, play, today):
    """The stage is the demo estate of today for tests that request `loaded`."""
    return (("demo", today), lambda: demo.load(today) or "loaded") if "loaded" in request.fixturenames else play


@pytest.fixture
def loaded(cast):
    """Load the demo estate."""


def test_demo_has_requests_of_every_type_and_status(loaded, settings, now):
    settings.DEMO = True
    team.load(now)
    values.load(now)
    life.load(now)
    call_command("load_desk", "--if-empty")  # the next start
    tickets = Ticket.objects.all()
    assert 25 <= tickets.count() <= 30
    assert {told.code for told in STORY} == set(tickets.values_list("type_code", flat=True))
    assert set(tickets.values_list("status", flat=True)) == {"new", "open", "pending", "on_hold", "solved"}
    assert set(tickets.values_list("is_satisfied", flat=True)) == {None, True, False}
    assert {"executed", "answered", "rejected", "merged"} <= set(tickets.values_list("outcome", flat=True))
    assert tickets.filter(waiting_for="parties").count() == 2 and tickets.exclude(tags=[]).count() >= 2
    assert tickets.filter(snoozed_until__gt=now).count() == 1
    assert Event.objects.filter(kind="message").count() > 5
    answered = tickets.filter(first_answered_at__gt=F("created_at"))  # by people, who need time for it
    earlier = answered.filter(created_at__lt=now - timedelta(hours=12))
    assert earlier.count() > 5 and not earlier.filter(Q(first_minutes=0) | Q(solve_minutes=0)).exists()
    assert not tickets.filter(Q(created_at__gt=now) | Q(updated_at__gt=now)).exists()
    assert list(tickets.order_by("created_at").values_list("pk", flat=True)) == sorted(ticket.pk for ticket in tickets)
    kept = (Agent, SavedView, CannedAnswer, Macro, Automation)
    assert [model.objects.count() for model in kept] == [2, 2, 5, 3, 6]
    assert PolicyValue.objects.filter(valid_from=now.date()).count() == PolicyValue.objects.filter(valid_from__gt=now.date()).count() == 1
    client = client_of(Agent.objects.earliest("pk").user)
    for view in SavedView.objects.all():
        assert client.get(f"/desk/?{view.query}").context["tickets"], view.name


@pytest.mark.thorough
def test_demo_has_requests_of_every_type_if_new_year_is_in_six_weeks(settings):
    """Its porting request then asked for New Year's Day, and was left out."""
    settings.DEMO = True
    now = datetime(2026, 11, 30, 14, 5, tzinfo=UTC)
    demo.load(now.date())
    team.load(now)
    life.load(now)
    assert {told.code for told in STORY} == set(Ticket.objects.values_list("type_code", flat=True))


@pytest.mark.thorough
def test_demo_without_a_team_lead_starts(loaded, settings):
    settings.DEMO = True
    User.objects.filter(role="lead").update(role="agent")
    call_command("load_desk", "--if-empty")
    assert Ticket.objects.exists() and not Macro.objects.exists()


def test_nothing_is_loaded_beside_a_real_estate(cast, settings):
    settings.DEMO = True
    call_command("load_desk", "--if-empty")
    assert not any(model.objects.exists() for model in (Ticket, Agent, SavedView, CannedAnswer, Macro, Automation))


def test_nothing_is_loaded_if_tickets_exist(cast, settings, ticket):
    settings.DEMO = True
    Partner.objects.filter(code="NORD").update(code="DEMO1")
    call_command("load_desk", "--if-empty")
    assert Ticket.objects.get() == ticket
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("load_desk")


@pytest.mark.thorough
@pytest.mark.parametrize("hour", [4, 18, 22])
def test_few_tickets_are_late_whenever_the_demo_starts(settings, hour):
    """Also at night, and on a Monday before and after work: there is news since then."""
    settings.DEMO = True
    monday = datetime(2026, 11, 30, hour, tzinfo=UTC)
    demo.load(monday.date())
    team.load(monday)
    life.load(monday)
    late = Ticket.objects.filter(due_at__lt=monday)
    assert Ticket.objects.filter(status="new").count() == 5 and not late.filter(status="new").exists()
    assert late.exclude(subject="No calls since the update").count() <= 1
