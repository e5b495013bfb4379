"""Status, owner and priority in one form: saved completely or not at all, and a returned form keeps the choices."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from desk.models import Agent
from policies.wording import day_in_full
from tests.markup import flat
from tickets.models import Event
from tickets.services import agent_actions, conversation, handling
from tickets.services.status import change
from web.templatetags.careline import unbroken


@pytest.fixture
def form(client, cast, ticket):
    """form(**chosen) sends the form as first rendered, with these choices, as Ada."""
    drawn = handling.values(ticket)
    client.force_login(cast.agent)

    def send(**chosen):
        seen = {f"seen_{name}": value for name, value in drawn.items()}
        sent = {"assignee": drawn["assignee"], "priority": drawn["priority"], "status": "", **seen, **chosen}
        return client.post(f"/desk/{ticket.pk}/handling/", sent)

    return send


def state(ticket):
    ticket.refresh_from_db()
    return ticket.status, ticket.assignee, ticket.priority


def chosen(page, name):
    """Return the value selected in a list of the page, and the one that its form states as seen."""
    form = flat(page).partition('class="handle-form"')[2].partition("</form>")[0]
    inside = form.partition(f'name="{name}"')[2].partition("</select>")[0]
    return re.findall(r'value="([^"]*)" selected', inside), re.findall(rf'name="seen_{name}" value="([^"]*)"', form)


def test_assigning_to_an_absent_agent_shows_a_notice(cast, ticket, form, client):
    today = timezone.now().date()
    agent = Agent.objects.create(user=cast.agent2, away_until=today + timedelta(days=1))
    form(assignee=cast.agent2.pk)
    page = client.get(f"/desk/{ticket.pk}/").text
    assert unbroken(f"{cast.agent2} is away until {day_in_full(today + timedelta(days=1))}.") in page and state(ticket)[1] == cast.agent2
    form(assignee=cast.agent2.pk, priority="1", seen_assignee=cast.agent2.pk)
    assert "is away" not in client.get(f"/desk/{ticket.pk}/").text, "it was so before"
    Agent.objects.filter(pk=agent.pk).update(away_until=None, away_from=today + timedelta(days=2))
    form(assignee=cast.agent2.pk)
    assert "is away" not in client.get(f"/desk/{ticket.pk}/").text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"status": "on_hold", "waiting_for": "carrier"}, "Enter why it is waiting."),
        ({"status": "on_hold", "text": "They look into it."}, "Choose whom the ticket is waiting for."),
        ({"status": "pending"}, "Enter your question to the partner."),
        ({"status": "solved", "outcome": "answered"}, "Write a message to the partner"),
        ({"status": "solved", "outcome": "rejected", "text": "It is a duplicate."}, "Choose a reason for the rejection."),
    ],
)
def test_missing_detail_of_a_status_is_named_and_nothing_is_saved(ticket, form, sent, words):
    before = state(ticket)
    answer = form(priority="1", **sent)
    assert answer.status_code == 400 and words in answer.text and sent.get("text", "") in answer.text
    assert state(ticket) == before


def test_status_owner_and_priority_are_saved_together(cast, ticket, form):
    answer = form(assignee=cast.agent.pk, priority="1", status="on_hold", waiting_for="carrier", text="They look into it.")
    assert answer.status_code == 302 and state(ticket) == ("on_hold", cast.agent, 1)
    assert list(ticket.events.values_list("kind", flat=True)) == ["submitted", "assigned", "status", "status"]


def test_untouched_status_keeps_a_concurrent_change(cast, now, ticket, form):
    conversation.ask_partner(ticket.pk, "Which one?", author=cast.agent2, at=now)
    assert form(priority="1").status_code == 302 and state(ticket) == ("pending", None, 1)


def test_status_conflict_saves_nothing(cast, now, ticket, form):
    conversation.ask_partner(ticket.pk, "Which one?", author=cast.agent2, at=now)
    answer = form(assignee=cast.agent.pk, status="solved", text="Done.", outcome="answered")
    assert answer.status_code == 409 and 'name="take_status"' in answer.text
    assert state(ticket) == ("pending", None, 2)


def test_keeping_their_status_saves_the_rest_and_keeps_the_text(cast, now, ticket, form):
    conversation.ask_partner(ticket.pk, "Which one?", author=cast.agent2, at=now)
    sent = {"assignee": cast.agent.pk, "status": "solved", "text": "It is done.", "outcome": "answered", "seen_status": "pending"}
    answer = form(**sent, take_status="theirs")
    assert state(ticket) == ("pending", cast.agent, 2) and "It is done.</textarea>" in answer.text
    assert not Event.objects.filter(kind="answered").exists()


def test_impossible_status_saves_nothing(cast, now, ticket, form):
    change(ticket.pk, "open", actor=cast.agent2, at=now)
    answer = form(assignee=cast.agent.pk, status="open")
    assert answer.status_code == 400 and "You cannot set this status" in answer.text
    assert state(ticket) == ("open", None, 2) and chosen(answer, "assignee")[0] == [str(cast.agent.pk)]


def test_returned_form_keeps_choices_and_refreshes_the_rest(cast, now, ticket, form):
    agent_actions.assign(ticket.pk, cast.agent2, actor=cast.agent2, at=now)
    page = form(priority="1", status="on_hold", text="They look into it.")
    assert page.status_code == 400 and state(ticket) == ("new", cast.agent2, 2)
    assert chosen(page, "priority") == (["1"], ["2"])
    assert chosen(page, "assignee") == ([str(cast.agent2.pk)], [str(cast.agent2.pk)]), "a form that is sent again takes it from nobody"
    page = form(assignee=cast.agent.pk, status="on_hold", text="They look into it.")
    assert chosen(page, "assignee") == ([str(cast.agent.pk)], [""]), "and one that was chosen meets what was seen"


def test_deactivated_owner_is_reported_at_the_field(cast, ticket, form):
    cast.agent2.is_active = False
    cast.agent2.save()
    page = form(assignee=cast.agent2.pk, status="on_hold", waiting_for="carrier", text="They look into it.")
    assert page.status_code == 400 and state(ticket) == ("new", None, 2)
    assert "Tickets can no longer be assigned to this person." in page.text and "They look into it.</textarea>" in page.text
