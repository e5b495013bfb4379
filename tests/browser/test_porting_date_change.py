"""Changing a porting date: the price is accepted by amount, the carrier's answer ends it."""

from datetime import timedelta

import pytest

from billing.models import LedgerEntry
from policies.days import add_business_days
from policies.services import add_value
from tests.browser.pages import SEND, answer, expect, pick, row, send, settle
from tests.cast import make_did
from tests.tickets.actions import set_policy
from tickets.models import Ticket, TicketCharge

pytestmark = pytest.mark.django_db(transaction=True)
FORM = "/portal/requests/new/porting_date_change/"


@pytest.fixture
def new_date(today):
    return add_business_days(today + timedelta(days=40), 1, "DE")


@pytest.fixture
def page(visit, cast, new_date):
    """Return the form, filled in."""
    page = visit(cast.nora)
    page.goto(FORM)
    pick(page, "+49 89 81000403")
    page.fill("[name=requested_date]", new_date.isoformat())
    page.check("[name=acknowledge_not_guaranteed]")
    page.fill("[name=message]", "The technician is on holiday before that day.")
    answer(page, "Allowed")
    settle(page)
    return page


@pytest.mark.thorough
def test_leads_cannot_choose_rows_whose_rule_cannot_be_overridden(visit, cast):
    page = visit(cast.lead)
    page.goto(f"{FORM}?partner=NORD")
    held = row(page, "+49 89 81000400")
    assert "no confirmed porting date" in held.inner_text() and held.locator("input").is_disabled()


@pytest.mark.thorough
def test_change_is_sent_to_the_carrier_at_the_accepted_price_and_answered(page, cast, carry_out, new_date):
    number = send(page, "Submit and accept 50 EUR")
    desk = carry_out(Ticket.objects.get(pk=number), "Porting date change: 50.00 EUR, paid by Nord Telecom. This cannot be undone.")
    page.reload()
    assert "Waiting for the carrier’s answer." in page.inner_text("main")
    assert "Posted to your account: Porting date change 50.00 EUR" in page.inner_text("#timeline")
    desk.check("[name=outcome][value=confirmed]")
    desk.click("text=Record the answer")
    assert "Enter the date the carrier confirmed." in desk.inner_text(".next-step")
    assert desk.is_checked("[name=outcome][value=confirmed]")
    desk.fill("[name=confirmed_date]", new_date.isoformat())
    desk.click("text=Record the answer")
    desk.locator(".ticket-head .chip", has_text="Done").wait_for()
    page.reload()
    assert "Done" in page.inner_text(".page-head")
    cast.porting.refresh_from_db()
    assert cast.porting.porting_date == new_date
    assert [entry.amount for entry in LedgerEntry.objects.all()] == [50]
    page.goto("/portal/account/")
    assert "50.00 EUR" in page.inner_text(".stats")


@pytest.mark.thorough
def test_price_change_is_reported_and_input_is_kept(page, cast, today, new_date):
    add_value("fee.porting_date_change", today, "60.00", "The carrier has become dearer.", cast.admin, today)
    page.click(SEND)
    page.locator(".notice:focus", has_text="from 50.00 EUR to 60.00 EUR").wait_for()
    assert not Ticket.objects.exists()
    assert page.locator(".picker-list label", has_text="+49 89 81000403").locator("input").is_checked()
    assert page.input_value("[name=requested_date]") == new_date.isoformat()
    assert page.is_checked("[name=acknowledge_not_guaranteed]")
    assert page.input_value("[name=message]") == "The technician is on holiday before that day."
    send(page, "Submit and accept 60 EUR")
    assert TicketCharge.objects.get().amount == 60


@pytest.mark.thorough
def test_going_back_after_accepting_a_new_price_does_not_say_unsent(visit, cast, today):
    porting = make_did("+498981000777", cast.pbx, status="ordered", porting_date=today + timedelta(days=60), porting_confirmed=True)
    page = visit(cast.nora)
    page.goto(f"/portal/requests/new/porting_date_change/?did=%2B{porting.number[1:]}")
    page.fill("[name=requested_date]", str(add_business_days(today + timedelta(days=90), 1, "DE")))
    with page.expect_response(lambda found: "acknowledge_not_guaranteed" in (found.request.post_data or "")):  # the last to be requested
        page.check("[name=acknowledge_not_guaranteed]")
    answer(page, "Allowed")
    set_policy("fee.porting_date_change", "55.00", today, cast.admin)
    page.locator(SEND, has_text="50 EUR").click()
    page.get_by_text("Nothing was sent").wait_for()
    send(page, "55 EUR")
    page.go_back()
    page.get_by_role("link", name="View the request").wait_for()
    expect(page.get_by_text("Nothing was sent")).to_be_hidden()


@pytest.mark.thorough
def test_unreadable_date_is_reported_at_its_field_and_not_sent_empty(page, new_date):
    page.fill("[name=requested_date]", "")
    page.locator("[name=requested_date]").press_sequentially("02312027")
    settle(page)
    page.click(SEND)
    assert page.evaluate("[document.activeElement.name, document.activeElement.validity.badInput]") == ["requested_date", True]
    page.fill("[name=requested_date]", new_date.isoformat())
    answer(page, "Allowed")
    settle(page)
    send(page, "Submit and accept 50 EUR")
