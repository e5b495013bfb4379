"""What the desk and the portal show about clocks and the team."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from desk.models import Agent
from desk.pages import clocks
from tests.sla.test_clocks import utc
from tickets import sla
from tickets.services import agent_actions, conversation
from tickets.services.lifecycle import lock

pytestmark = pytest.mark.django_db


def states(ticket, at):
    fresh = lock(ticket.pk)
    return {clock["key"]: clock["state"] for clock in clocks.read(fresh, now=utc(at))}


def test_each_clock_shows_its_state(cast, ticket):
    assert states(ticket, "18 11:00") == {"first": "ok", "solution": "ok"}
    assert states(ticket, "18 16:00") == {"first": "soon", "solution": "ok"}
    assert states(ticket, "18 17:01") == {"first": "late", "solution": "ok"}
    conversation.ask_partner(ticket.pk, "Which?", author=cast.agent, at=utc("18 12:00"))
    assert states(ticket, "19 12:00") == {"first": "met", "solution": "paused"}
    conversation.reply(ticket.pk, "This.", author=cast.nora, at=utc("19 12:00"))
    solution = clocks.read(lock(ticket.pk), now=utc("19 13:00"))[-1]
    assert (solution["used"], solution["pauses"]) == ("3 h 00 min", [(utc("18 12:00"), utc("19 12:00"))])
    agent_actions.reject(ticket.pk, "other", "No.", actor=cast.agent, at=utc("27 12:00"))
    assert states(ticket, "27 13:00") == {"first": "met", "solution": "met_late"}


def test_pages_show_the_clocks(sign_in, cast, ticket):
    page = sign_in(cast.agent).get(f"/desk/{ticket.pk}/").content.decode()
    assert "First answer" in page and "1 business day" in page and "Mon–Fri, 09:00–18:00, Europe/Rome" in page
    assert "First answer by" in sign_in(cast.nora).get(f"/portal/requests/{ticket.pk}/").content.decode()
    conversation.reply(ticket.pk, "We look.", author=cast.agent, at=utc("18 12:00"))
    assert "First answer by" not in sign_in(cast.nora).get(f"/portal/requests/{ticket.pk}/").content.decode()


def test_nonconsecutive_support_days_are_listed_individually():
    zone = ZoneInfo("Europe/Rome")
    told = {days: clocks.hours(sla.Calendar(zone, frozenset(days), 510, 1440)) for days in [(0, 1, 2, 3, 4, 5, 6), (0, 1), (0, 2, 4), ()]}
    assert list(told.values()) == ["Mon–Sun, 08:30–24:00", "Mon, Tue, 08:30–24:00", "Mon, Wed, Fri, 08:30–24:00", "never"]


def test_leads_configure_every_agent(sign_in, cast):
    lead = sign_in(cast.lead)
    asked = {"takes_tickets": "on", "capacity": "7", "topics": ["CLASSOUND"], "away_from": "2099-01-02", "away_until": "2099-01-01"}
    refused = lead.post(f"/desk/team/{cast.agent.pk}/", asked)
    assert refused.status_code == 400 and "end date is before" in refused.content.decode() and "2099-01-02" in refused.content.decode()
    assert lead.post(f"/desk/team/{cast.agent.pk}/", asked | {"away_until": ""}).status_code == 302
    agent = Agent.objects.get(user=cast.agent)
    assert (agent.takes_tickets, agent.capacity, agent.topics, agent.away_until) == (True, 7, ["CLASSOUND"], None)
    page = lead.get("/desk/team/").content.decode()
    assert "of 7" in page and "CLASSOUND" in page and "2 Jan 2099" in page


def test_agents_set_only_their_own_absence(sign_in, cast):
    ada = sign_in(cast.agent)
    away = {"away_from": "2099-01-02", "away_until": "2099-01-09", "capacity": "99", "takes_tickets": "on"}
    assert ada.post(f"/desk/team/{cast.agent.pk}/", away).status_code == 302
    agent = Agent.objects.get(user=cast.agent)
    assert (agent.away_until, agent.capacity, agent.takes_tickets) == (datetime.date(2099, 1, 9), 20, False)
    assert ada.post(f"/desk/team/{cast.agent2.pk}/", away).status_code == 404
    assert ada.get(f"/desk/team/{cast.nora.pk}/").status_code == 404
    assert ada.get("/desk/team/").content.decode().count("/desk/team/") >= 2


def test_everyone_switches_their_own_shortcuts_off_and_on(sign_in, cast):
    ada, own = sign_in(cast.agent), f"/desk/team/{cast.agent.pk}/"
    page = ada.get(own).content.decode()
    assert 'name="has_shortcuts"' in page and page.count(own) >= 2, "the menu and the sheet of keys lead here"
    assert "data-shortcuts" in page and "Turn shortcuts off" in page
    assert ada.post(own, {"away_from": "", "away_until": ""}).status_code == 302
    page = ada.get("/desk/").content.decode()
    assert "data-shortcuts" not in page and "Turn shortcuts on" in page
    ada.post(own, {"has_shortcuts": "on"})
    assert "data-shortcuts" in ada.get("/desk/").content.decode()
    assert 'name="has_shortcuts"' not in sign_in(cast.lead).get(own).content.decode(), "nobody else’s business"
