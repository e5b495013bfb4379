"""News appears by itself within the promised seconds (keyboard.py), and only what the page asks for."""

import pytest
from django.utils import timezone

from desk.models import SavedView
from desk.services import owners
from tests.desk.conftest import question
from tests.tickets.actions import ask
from tickets.models import Ticket
from tickets.services import conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def test_messages_assignments_and_counts_appear_by_themselves(desk, cast, ticket):
    page = desk(cast.agent, f"/desk/{ticket.pk}/?tab=conversation", timed=True)
    page.press("r")
    page.at("#composer-text")
    page.write("We are")
    page.page.locator("[data-count=open]:text-is('1')").wait_for(state="attached")
    assert page.page.locator("[data-count=mine]").text_content() == ""
    places = ("#timeline :text('And a headset?')", "#changed [hx-get]")
    with page.news(*places, "[data-count=mine]:text-is('1')", "[data-count=notices]:text-is('1')"):
        conversation.note(ticket.pk, "They mean the docking station.", author=cast.agent2, at=timezone.now())
        conversation.reply(ticket.pk, "And a headset?", author=cast.nora, at=timezone.now())
        owners.assign(ticket.pk, cast.agent, actor=cast.lead, at=timezone.now())
    page.page.locator("#id_assignee option[selected]", has_text="Ada Agent").wait_for(state="attached")
    page.page.locator("#changed p").wait_for(state="detached")
    assert page.page.locator("text=docking station").count() == 0, "a note is no part of the conversation"
    page.at("#composer-text")
    assert page.page.input_value("#composer-text") == "We are"
    page.look("news")
    assert Ticket.objects.get().assignee == cast.agent


def test_queue_announces_news_but_rows_move_only_on_request(desk, cast, now, ticket):
    query = "topic=Billing&partner=NORD"
    view = SavedView.objects.create(owner=cast.agent, name="Nord", query=query, created_at=now)
    counted = f"[data-count='saved:{view.pk}']"
    page = desk(cast.agent, f"/desk/?{query}", timed=True)
    page.page.locator(f"{counted}:text-is('1')").wait_for(state="attached")
    with page.news("#fresh :text('1 new, 1 changed')", "[data-count='topic:General']:text-is('1')", f"{counted}:text-is('2')"):
        ask(cast.nora, "general_question", timezone.now(), topic="General", subject="Fair in Kiel", message="Are you there?")
        question(cast, timezone.now(), subject="A second question")
        conversation.reply(ticket.pk, "And a headset?", author=cast.nora, at=timezone.now())
    page.sees("1 new, 1 changed", "[role=status]")
    page.look("news")
    assert page.page.locator("#queue tbody tr").count() == 1, "rows do not move by themselves"
    page.push("#fresh a")
    page.sees("A second question", "#queue")
    assert page.page.locator("#queue tbody tr").count() == 2 and page.page.locator("text=Fair in Kiel").count() == 0
