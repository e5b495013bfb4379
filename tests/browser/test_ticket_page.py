"""An agent's ticket in a browser: drafts, sending and taking back, merging and undoing, who else is here."""

import pytest

from desk.models import Draft
from desk.services import drafts
from tests.browser.pages import stretch, tab_to
from tests.browser.test_pages import serious
from tests.desk.conftest import question
from tickets.models import Event, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "#composer-text"


@pytest.fixture
def ticket(cast, now):
    return question(cast, now)


@pytest.fixture
def page(visit, cast, ticket):
    page = visit(cast.agent)
    page.goto(f"/desk/{ticket.pk}/")
    return page


@pytest.mark.thorough
def test_a_draft_survives_a_reload_and_what_is_sent_can_be_taken_back(page, cast, now, ticket):
    tab_to(page, TEXT, at_most=90)
    page.keyboard.type("We look into it.")
    page.locator("#draft-state", has_text="Draft kept").wait_for()
    page.reload()
    assert page.input_value(TEXT) == "We look into it."
    page.focus(TEXT)
    page.keyboard.press("Control+Enter")
    page.locator(".sending [data-undo]").wait_for()
    assert page.input_value(TEXT) == "" and serious(page, dark=False) == []
    page.click(".sending [data-undo]")
    page.locator(".sending").wait_for(state="detached")
    assert page.input_value(TEXT) == "We look into it."
    assert not Event.objects.filter(kind="message").exists()
    page.click("text=Send reply")
    page.locator(".sending [data-undo]").wait_for()
    Draft.objects.update(send_at=now)  # the ten seconds are over
    drafts.deliver(Draft.objects.get().pk, at=now)
    page.locator("#timeline .event-text", has_text="We look into it.").wait_for()  # within five seconds, without a reload


@pytest.mark.thorough
def test_a_note_cannot_be_mistaken_and_names_a_colleague_by_keys(page, cast):
    page.locator("label", has_text="Internal note").click()
    assert page.locator("text=Send reply").is_hidden() and page.locator("text=Add internal note").is_visible()
    page.click(TEXT)
    page.keyboard.type("Ask @@be")
    page.locator("#composer-list li", has_text="Ben Agent").wait_for()
    page.keyboard.press("Enter")
    assert page.input_value(TEXT) == "Ask @Ben Agent "
    page.keyboard.type("and ??minimum term")
    page.locator("#composer-list li").first.wait_for()
    assert serious(page, dark=False) == []
    page.keyboard.press("Escape")
    page.click("text=Add internal note")
    page.locator("#timeline .event-note", has_text="Ask @Ben Agent").wait_for()
    assert cast.agent2.notices.get().kind == "mention"


@pytest.mark.thorough
def test_two_are_merged_and_the_merge_is_undone(page, cast, now, ticket):
    other = question(cast, now, subject="The same again", message="I asked this before.")
    page.goto(f"/desk/{other.pk}/")
    page.click("#links summary")
    page.fill("#other-ticket", f"#{ticket.pk}")
    page.click("text=Merge into it")
    page.wait_for_url(f"**/desk/{ticket.pk}/")
    assert "I asked this before." in page.inner_text("#timeline")
    page.goto(f"/desk/{other.pk}/")
    assert f"#{ticket.pk}" in page.inner_text(".ticket-body .notice") and serious(page, dark=False) == []
    page.click("text=Undo the merge")
    page.click("dialog [data-yes]")
    page.locator(".ticket-body .notice").wait_for(state="detached")
    assert Ticket.objects.get(pk=other.pk).status == "new"


@pytest.mark.thorough
def test_two_agents_see_each_other_and_neither_overwrites_the_other(page, visit, cast, ticket):
    second = visit(cast.agent2, width=360)
    second.goto(f"/desk/{ticket.pk}/")
    assert stretch(second) == 0
    page.locator("#viewers", has_text="Ben Agent").wait_for()
    second.click("text=Assign to me")
    page.locator("#changed", has_text="This ticket has changed").wait_for()
    page.select_option("[name=assignee]", label="Ada Agent")
    page.click(".ticket-meta >> text=Save")
    page.locator("h1", has_text="was changed meanwhile").wait_for()
    assert "Ben Agent" in page.inner_text(".versus :checked + span") and serious(page) == []
    page.check(".versus [value=mine]")
    page.click("text=Save what is chosen")
    page.wait_for_url(f"**/desk/{ticket.pk}/")
    assert Ticket.objects.get().assignee == cast.agent
