"""A partner's answers are corrected by keyboard: opened and left, saved, refused for its price, and in conflict with another correction."""

import pytest

from tests.browser.pages import filled_buttons
from tests.desk.corrections import RMA
from tests.tickets.actions import ask
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
SAVE = "form.correcting button:has-text('Save correction')"


@pytest.fixture
def rma(cast, now):
    return ask(cast.nora, "rma", now, serial=cast.phone.serial, accepted="34.00", **RMA)


def test_answer_is_corrected_in_place(desk, cast, rma):
    page = desk(cast.agent, f"/desk/{rma.pk}/")
    page.press("c")
    page.at("#ticket-data h2:has-text('Correct the request details')")
    page.look("opened")
    assert filled_buttons(page.page) == ["Save correction"], "one main action at a time"
    page.fill("[name=delivery_address]", "Nowhere")
    page.push("text=Go back")
    page.at("#correct:has-text('Correct')")
    page.look("left")
    page.press("Enter")
    page.at("#ticket-data h2")
    page.to("[name=fault]")
    page.press("Control+a", "Delete")
    page.push(SAVE)
    page.at(".error-summary")
    page.look("flaws")
    page.fill("[name=fault]", "The display stays dark.")
    page.fill("[name=delivery_address]", "Kai 11, 24103 Kiel")
    page.push(SAVE)
    page.sees("corrected by Ada Agent", "dd[data-corrected]")
    page.sees("Kai 1, 24103 Kiel", "dd[data-corrected] .diff-old")
    page.sees("corrected the request", "#timeline")
    page.tick("[id^=judged-] summary")
    page.look("corrected")
    assert Ticket.objects.get().answers["delivery_address"] == "Kai 11, 24103 Kiel"


def test_changed_price_asks_the_partner_and_a_conflict_is_shown(desk, cast, rma):
    page, second = desk(cast.agent, f"/desk/{rma.pk}/"), desk(cast.agent2, f"/desk/{rma.pk}/correct/")
    page.press("c")
    page.at("#ticket-data h2")
    page.to("[name=kind]:checked")
    page.press("ArrowUp")
    page.push(SAVE)
    page.at(".refused")
    page.sees("29.00 EUR", ".refused table")
    page.look("another price")
    page.push(".refused [popovertarget=ask]")
    page.at("#ask-text")
    assert "Dead on arrival" in page.page.input_value("#ask-text")
    page.look("question")
    page.press("Escape")
    page.to("[name=kind]:checked")
    page.press("ArrowDown")
    page.fill("[name=delivery_address]", "Kai 2")
    second.at("#ticket-data h2")
    second.fill("[name=delivery_address]", "Kai 3")
    second.push(SAVE)
    second.sees("corrected by Ben Agent", "dd[data-corrected]")
    page.push(SAVE)
    page.sees("has changed in the meantime", "h1")
    page.look("conflict")
    assert not page.page.is_visible("#unsent"), "both are to be chosen from here"
    page.to(".versus :checked")
    page.press("ArrowDown")
    page.push("text=Save selected values")
    page.sees("Kai 2", "dd[data-corrected]")
    assert Ticket.objects.get().answers["delivery_address"] == "Kai 2"
