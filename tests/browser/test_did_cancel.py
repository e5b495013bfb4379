"""Cancelling numbers, from the choice to the partner's "Done"."""

import pytest

from tests.browser.pages import SEND, answer, expect, pick, row, send, settle
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)
FORM = "/portal/requests/new/did_cancel/"


@pytest.fixture
def page(visit, cast):
    page = visit(cast.nora)
    page.goto(FORM)
    return page


@pytest.mark.thorough
def test_uncancellable_numbers_are_greyed_with_reason_and_date(page, cast):
    young, held = row(page, "+49 89 81000401"), row(page, "+49 89 81000402")
    assert young.locator("input").is_disabled() and held.locator("input").is_disabled()
    assert "must be kept for at least 6 months" in young.inner_text()
    assert f"under a Commitment until {cast.commitment.ends_on:%-d %B %Y}" in held.inner_text()
    assert held.locator("time").get_attribute("datetime") == cast.commitment.ends_on.isoformat()
    assert row(page, "+49 89 81000400").locator("input").is_enabled()


@pytest.mark.thorough
def test_verdict_follows_the_input(page):
    assert "Fill in the form" in page.inner_text("#verdict")
    pick(page, "+49 89 81000400")
    answer(page, "Allowed")
    page.fill("[name=reason]", "The customer leaves on 1 March 2099.")
    answer(page, "Not possible yet")
    expect(page.locator(SEND)).to_be_disabled()
    assert "1 Mar 2099" in page.inner_text("#verdict")
    page.locator("#verdict .finding a", has_text="Reason").click()
    page.fill("[name=reason]", "Il cliente ha chiuso la sede e non usa più questi numeri.")
    answer(page, "Not possible as requested")
    assert "in English" in page.inner_text("#verdict")
    page.fill("[name=reason]", "The customer has closed this office.")
    answer(page, "Allowed")
    expect(page.locator(SEND)).to_be_enabled()


def test_cancellation_is_submitted_executed_and_done(page, cast, carry_out):
    pick(page, "+49 89 81000400")
    answer(page, "Allowed")
    number = send(page, "Submit request")
    assert "Received" in page.inner_text("main")
    desk = carry_out(Ticket.objects.get(pk=number))
    assert "Done" in desk.inner_text(".ticket-head")
    page.reload()
    assert "Done" in page.inner_text(".page-head")
    assert "Cancelled: +49 89 81000400" in page.inner_text("#timeline")
    cast.did.refresh_from_db()
    assert cast.did.status == "cancelled"


@pytest.mark.thorough
def test_agent_sees_what_became_impossible_since_submission(page, cast, visit):
    pick(page, "+49 89 81000400")
    number = send(page, "Submit request")
    cast.commitment.pbx = cast.pbx
    cast.commitment.save()
    desk = visit(cast.agent)
    desk.goto(f"/desk/{number}/")
    assert "Changes since the request was submitted" in desk.inner_text(".ticket-body")
    assert "under a Commitment" in desk.inner_text(".ticket-body .notice")
    assert desk.locator(".actions .btn-primary").is_disabled()


@pytest.mark.thorough
def test_lead_files_against_a_rule_with_a_recorded_reason(cast, visit):
    page = visit(cast.agent)
    page.goto(f"{FORM}?partner=NORD")
    assert row(page, "+49 89 81000402").locator("input").is_disabled(), "only who may set a rule aside chooses it"
    page = visit(cast.lead)
    page.goto(f"{FORM}?partner=NORD")
    pick(page, "+49 89 81000402")
    answer(page, "Not possible yet")
    page.fill("[name=reason]", "The customer is insolvent.")
    settle(page)
    page.click("text=Override a rule")
    page.fill("[name=override_reason]", "Agreed with the partner's manager.")
    answer(page, "Overrides a rule")
    page.locator(SEND).click()
    page.wait_for_url("**/desk/*/")
    assert "Overridden" in page.inner_text("#verdict")
    assert "Agreed with the partner's manager." in page.inner_text(".ticket-body")
