"""Typed text is never lost: neither when the session has ended, nor by an error followed by Back."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from partners.models import Session
from tests.browser.pages import answer, expect, pick, send, settle
from tests.cast import make_did
from tests.desk.conftest import question
from tests.durability.stack import until
from tests.tickets.actions import ask
from tickets.models import Ticket
from tickets.services import handling

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
WORDS = "Both lines are about the same phone."
OFFER = "What you typed here earlier was not sent."


def sign_in(page, user):
    """Sign in with the open form and the e-mailed code."""
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", "correct horse battery")
    page.click("main form button")
    page.wait_for_selector("[name=code]")
    page.fill("[name=code]", re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)[0])
    page.click("main form button")


def test_message_sent_after_session_end_is_offered_until_it_is_sent(visit, cast, now):
    ticket = question(cast, now)
    page = visit(cast.nora)
    page.goto(f"/portal/requests/{ticket.pk}/")
    page.fill("#composer-text", WORDS)
    Session.objects.update(seen_at=now - timedelta(hours=5))  # nobody has used it
    page.click("#composer .btn-primary")
    page.wait_for_url("**/account/login/**")
    sign_in(page, cast.nora)
    page.wait_for_url(f"**/requests/{ticket.pk}/")
    page.locator("#unsent", has_text=OFFER).wait_for()
    page.get_by_role("button", name="Restore").click()
    page.wait_for_selector("#composer-text:focus")
    assert page.input_value("#composer-text") == WORDS
    with page.expect_navigation():
        page.dblclick("#composer .btn-primary")
    page.locator(".event", has_text=WORDS).wait_for()
    page.reload()
    page.locator(".event", has_text=WORDS).wait_for()
    settle(page)
    assert page.locator("#unsent").is_hidden() and page.input_value("#composer-text") == ""


def test_dialog_with_errors_reopens_on_going_back(visit, cast, now):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    page = visit(cast.agent)
    page.goto(f"/desk/{ticket.pk}/")
    page.click("[popovertarget=reject]")
    page.fill("#reject textarea", WORDS)
    page.eval_on_selector("#reject form", "form => { form.noValidate = true; }")  # as where a script is missing
    page.click("#reject .btn-danger")
    page.wait_for_selector("#reject[open] .field-invalid")
    page.wait_for_url(f"**/desk/{ticket.pk}/")  # from then on the response can be requested again
    page.goto("/desk/")
    for _step in range(2):  # to the response, which is requested again, and to the page before it
        page.go_back()
        page.wait_for_selector("#reject[open]")
        assert page.input_value("#reject textarea") == WORDS and page.locator("#unsent").is_hidden()
    page.select_option("#reject select", "other")
    page.click("#reject .btn-danger")
    page.locator(".event", has_text=WORDS).wait_for()
    page.go_back()
    page.wait_for_selector("#ticket-title")
    settle(page)
    assert page.locator("dialog[open]").count() == 0


def test_open_page_reports_session_end_and_offers_the_form_with_its_search(visit, cast):
    for n in range(70):
        make_did(f"+4989840{n:05}", cast.pbx, activated_on="2020-01-01")
    page = visit(cast.nora)
    page.goto("/portal/requests/new/did_cancel/")
    page.fill("[data-picker-filter]", "089 84000069")
    pick(page, "+49 89 84000069")
    answer(page, "Allowed")
    settle(page)
    Session.objects.all().delete()
    page.fill("[name=reason]", WORDS)
    page.get_by_role("link", name="Sign in again").click()
    page.wait_for_url("**/account/login/**")
    sign_in(page, cast.nora)
    page.wait_for_url("**/did_cancel/")
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("[data-untick]")).to_have_text(["+49 89 84000069"])
    answer(page, "Allowed")
    assert page.input_value("[name=reason]") == WORDS
    assert Ticket.objects.get(pk=send(page, "Submit request")).answers["dids"] == ["+498984000069"]
    page.goto("/portal/requests/new/did_cancel/")
    settle(page)
    assert page.locator("#unsent").is_hidden()


def stored_text(page):
    return page.evaluate("JSON.stringify(Object.entries(sessionStorage))")


def test_added_rows_are_restored(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/emergency_activation/")
    page.click("[data-add-row]")
    page.locator("[data-row-form]").nth(1).locator("input[type=text]").first.fill("first of the second row")
    page.locator("[data-remove-row]").first.click()
    page.click("[data-add-row]")
    page.locator("[data-row-form]").nth(1).locator("input[type=text]").first.fill("last row")
    until(lambda: "last row" in stored_text(page), "the words in the storage of the tab")
    page.evaluate("delete document.querySelector('form[data-dirty]').dataset.dirty")
    page.goto("/portal/requests/new/emergency_activation/")
    page.get_by_role("button", name="Restore").click()
    rows = page.locator("[data-row-form]")
    expect(rows).to_have_count(2)
    assert [row.locator("input[type=text]").first.input_value() for row in rows.all()] == ["first of the second row", "last row"]


def test_unsent_text_is_private_and_forgotten_on_sign_out(visit, cast, now):
    ticket = question(cast, now)
    page = visit(cast.nora)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"/portal/requests/{ticket.pk}/")
        tab.fill("#composer-text", WORDS)
        until(lambda tab=tab: WORDS in stored_text(tab), "the words in the storage of the tab")
    page.evaluate("delete document.querySelector('form[data-dirty]').dataset.dirty")
    page.click("summary[aria-label^='User menu']")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/**")
    for tab in (page, other):
        until(lambda tab=tab: WORDS not in stored_text(tab), "an empty storage of the tab")


def test_text_returned_with_an_error_is_offered_after_leaving(visit, cast, now):
    ticket = question(cast, now)
    page = visit(cast.agent)
    page.goto(f"/desk/{ticket.pk}/")
    page.get_by_role("button", name="Reject").click()
    page.fill("#reject textarea", WORDS)
    page.evaluate("document.querySelector('#reject form').noValidate = true")
    with page.expect_navigation():
        page.click("#reject .btn-danger")
    page.wait_for_selector("#reject[open] [aria-invalid=true]")
    assert page.input_value("#reject textarea") == WORDS and page.locator("#unsent").is_hidden()
    page.goto("/desk/")
    page.goto(f"/desk/{ticket.pk}/")
    page.get_by_role("button", name="Restore").click()
    page.wait_for_selector("#reject textarea:focus")
    assert page.input_value("#reject textarea") == WORDS


def test_restored_text_does_not_undo_a_colleagues_changes(visit, cast, now):
    ticket = question(cast, now)
    page = visit(cast.agent)
    page.goto(f"/desk/{ticket.pk}/")
    page.select_option("#new-status", "pending")
    page.fill("#status-text", WORDS)
    until(lambda: WORDS in stored_text(page), "the words in the storage of the tab")
    handling.save(ticket.pk, seen={}, actor=cast.agent2, at=now, priority=Ticket.Priority.CRITICAL, assignee=cast.agent2)
    page.evaluate("delete document.querySelector('form[data-dirty]')?.dataset.dirty")
    page.goto(f"/desk/{ticket.pk}/")
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#status-text")).to_have_value(WORDS)
    page.get_by_role("button", name="Save status, owner and priority").click()
    page.locator("#timeline .event", has_text=WORDS).wait_for()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.assignee) == ("pending", Ticket.Priority.CRITICAL, cast.agent2)


def test_session_about_to_end_is_extended_by_a_click(visit, cast, now, settings):
    """WCAG 2.2.1: the warning is in time, and typing can continue."""
    page = visit(cast.nora, timed=True)
    page.clock.install()
    page.goto("/portal/requests/new/general_question/")
    notice = page.locator("#idle")
    page.clock.fast_forward(timedelta(hours=settings.SESSION_IDLE_HOURS, minutes=-11).seconds * 1000)
    expect(notice).to_be_hidden()
    Session.objects.update(seen_at=now - timedelta(hours=settings.SESSION_IDLE_HOURS))
    page.clock.fast_forward(120_000)
    page.click("#idle button")
    expect(notice).to_be_hidden()
    assert Session.objects.get(user=cast.nora).seen_at >= now


def test_returned_form_is_not_offered_because_an_empty_row_is_gone(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/emergency_activation/")
    page.click("[data-add-row]")
    page.click("[data-add-row]")
    page.locator("form [name$='-user_name']").nth(2).fill("Erika")
    settle(page)
    page.click("#send-bar button")
    page.locator(".error-summary").wait_for()
    assert [one.input_value() for one in page.locator("form [name$='-user_name']").all()] == ["Erika"]
    assert page.locator("#unsent").is_hidden()
