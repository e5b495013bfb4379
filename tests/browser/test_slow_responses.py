"""Responses that arrive while somebody continues: all input counts, a closed list stays closed, and nothing moves meanwhile."""

from datetime import timedelta

import pytest

from policies.days import add_business_days
from tests.browser.held_requests import HeldRequests
from tests.browser.pages import NUMBERED, SEND, answer, expect, pick, settle, tab_to
from tests.desk.conftest import many, question

__all__ = ["many"]  # a fixture there and here

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.thorough
def test_mention_uses_all_letters_typed_before_the_response(visit, cast, now):
    page = visit(cast.agent)
    page.goto(f"/desk/{question(cast, now).pk}/")
    page.keyboard.press("i")
    text, rows = page.locator("#composer-text"), page.locator("#composer-list li")
    page.keyboard.type("@@")
    expect(rows.first).to_be_visible()
    expect(rows.first).not_to_contain_text("Ben")

    held = HeldRequests(page, "/desk/people/")
    page.keyboard.type("b")
    held.wait()
    page.keyboard.press("Enter")
    held.let_go()
    expect(text).to_have_value("@Ben Agent ")

    page.keyboard.type("@@")
    expect(rows.first).to_be_visible()
    held = HeldRequests(page, "/desk/people/")
    page.keyboard.type("b")
    held.wait()
    page.keyboard.press("Escape")
    held.let_go()
    page.wait_for_timeout(300)  # a response would be here
    expect(rows).to_have_count(0)
    page.keyboard.press("Enter")
    expect(text).to_have_value("@Ben Agent @@b\n")


@pytest.mark.thorough
def test_enter_before_the_palette_responds_opens_what_is_found(visit, cast, now):
    ticket = question(cast, now)
    page = visit(cast.agent)
    page.goto("/desk/")
    page.keyboard.press("Control+k")
    held = HeldRequests(page, "/desk/palette/")
    page.keyboard.type(f"#{ticket.pk}")
    held.wait()
    page.keyboard.press("Enter")
    held.let_go()
    page.wait_for_url(f"**/desk/{ticket.pk}/")


@pytest.mark.thorough
def test_unticking_a_row_while_matches_are_counted_selects_rows(visit, many, cast):
    many(30)
    page = visit(cast.agent)
    page.goto("/desk/?view=all")
    held = HeldRequests(page, "/desk/count/")
    page.locator("input[name=numbers]").first.check()
    page.locator("[data-choose-matching]").click()
    held.wait()
    page.locator("input[name=numbers]").first.uncheck()
    held.let_go()
    page.wait_for_timeout(300)  # the count would be here
    ticked = page.locator("input[name=numbers]:checked").count()
    expect(page.locator("[data-chosen-rows]")).to_have_text(str(ticked))
    expect(page.locator("[data-matching]")).to_be_disabled()


@pytest.mark.thorough
def test_nothing_moves_while_a_response_is_pending(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/rma/")
    pick(page, "SN-OWNED")
    settle(page)
    places = "[...document.querySelectorAll('#answer *')].map((part) => part.offsetTop)"
    still = page.evaluate(places)
    held = HeldRequests(page, "/check/")
    page.check("[name=kind][value=warranty]")
    held.wait()
    page.wait_for_selector("#answer.htmx-request")
    assert page.evaluate(places) == still
    held.let_go()


@pytest.mark.thorough
def test_focused_button_keeps_the_focus_when_its_label_changes(visit, cast, today):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/porting_date_change/")
    pick(page, "+49 89 81000403")
    answer(page, "Allowed so far")
    settle(page)
    held = HeldRequests(page, "/check/")
    page.fill("[name=requested_date]", add_business_days(today + timedelta(days=40), 1, "DE").isoformat())
    page.check("[name=acknowledge_not_guaranteed]")
    held.wait()
    tab_to(page, SEND)
    held.let_go()
    expect(page.locator("#send-bar .state")).to_have_text("Allowed")
    expect(page.locator(SEND)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(NUMBERED)
