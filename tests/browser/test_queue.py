"""The agents' queue: narrow it, look into a ticket by keys, save the view, and be told what is new."""

import re

import pytest
from django.utils import timezone

from tests.browser.pages import stretch
from tests.browser.test_pages import serious
from tests.tickets.acts import ask
from tickets.services import conversation

pytestmark = pytest.mark.django_db(transaction=True)
QUESTION = {"topic": "HWaaS", "subject": "Ten phones", "message": "How much are ten desk phones?"}


@pytest.mark.thorough
def test_a_queue_is_narrowed_looked_into_saved_and_told_what_is_new(visit, cast, now):
    ticket = ask(cast.nora, "general_question", now, **QUESTION)
    ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="They closed this office.")
    page = visit(cast.agent)
    page.goto("/desk/")
    page.click("text=Add filter")
    page.locator("#panel [name=partner]").fill("Nord")
    page.wait_for_selector("#partner-codes option[value=NORD]", state="attached")
    page.check("#panel label:has-text('Ask something else') input")
    assert serious(page) == []
    page.click("#panel >> text=Show")
    page.wait_for_url(re.compile("partner=Nord.*type=general_question"))
    assert page.locator("tbody tr").count() == 1
    page.locator(".subject a").focus()
    page.keyboard.press("Space")
    page.locator("#peek", has_text="How much are ten desk phones?").wait_for()
    assert serious(page) == []
    page.keyboard.press("Escape")
    assert page.locator("#peek").is_hidden()
    page.click("text=Save view")
    page.fill("#panel [name=name]", "Phones of Nord")
    page.click("#panel .btn-primary")
    page.locator("#rail-saved [aria-current] .count", has_text="1").wait_for()
    conversation.reply(ticket.pk, "And a headset?", author=cast.nora, at=timezone.now())
    page.click("#fresh >> text=1 changed")
    page.set_viewport_size({"width": 360, "height": 740})
    assert stretch(page) == 0
    page.click(".peek")
    page.locator("#peek", has_text="And a headset?").wait_for()
    assert stretch(page) == 0
