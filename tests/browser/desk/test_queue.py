"""The queue by keyboard: filters, orders, pages; previews of rows."""

from datetime import timedelta

import pytest

from tests.browser.held_requests import HeldRequests
from tests.desk.conftest import question
from tests.tickets.actions import ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
FIRST = "#queue tbody tr:first-child"


def test_queue_is_filtered_ordered_and_paged(desk, cast, now, many, width):
    many(30)
    ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="They closed this office.")
    page = desk(cast.agent)
    page.sees("31", "[data-total]")
    page.look("queue")
    page.rail("Unassigned")
    page.arrives("view=unassigned")
    page.push("[rel=next]")
    page.arrives("after=")
    page.look("second page")
    page.push("[rel=prev]")
    page.arrives("before=")

    page.push("text=Add filter")
    page.at("#panel [name=partner]")
    page.fill("#panel [name=partner]", "Nord")
    page.page.locator("#partner-codes option[value=NORD]").wait_for(state="attached")
    if width == 360:
        page.tick("#panel .panel-type:not([open]) summary")
    page.tick("#panel label:has-text('Ask something else') input")
    page.look("filters")
    page.push("#panel button:has-text('Apply')")
    page.arrives("type=general_question")
    page.sees("30", "[data-total]")
    page.look("chips")
    page.push(".filters a:has-text('Ask something else')")
    page.arrives("partner=Nord(?!.*type=)")


def test_rows_are_ordered_by_table_headers_or_menu(desk, cast, now, many, width):
    many(4, due_at=now + timedelta(hours=4))
    page = desk(cast.agent)
    page.sees("Question 3", FIRST)
    if width == 1440:  # a phone has no table header, and the menu
        page.push("#queue thead a:has-text('Updated')")
        page.arrives("order=updated")
        page.sees("Updated", "th[aria-sort=ascending]")
        page.sees("Question 0", FIRST)
        page.look("longest unchanged first")
        page.push("#queue thead a:has-text('Updated')")
        page.page.locator("th[aria-sort=descending]", has_text="Updated").wait_for()
        page.sees("Question 3", FIRST)
        page.push("#queue thead a:has-text('Due')")
        page.arrives("order=due")
        page.sees("Due", "th[aria-sort=ascending]")
        page.sees("with a due time", ".queue-head")
        page.sees("Question 0", FIRST)
    page.push(".queue-tools .menu summary")
    page.look("orders")
    page.push(".queue-tools .menu-list a:has-text('Lowest number first')")
    page.arrives("order=number")
    page.sees("Question 0", FIRST)
    page.sees("Lowest number first", ".queue-tools summary")


def test_rows_are_previewed(desk, cast, now, ticket):
    other = question(cast, now, subject="A second question")
    page = desk(cast.agent)
    page.press("j", "j")
    page.at(f".subject a[href$='/{ticket.pk}/']")
    page.press("k")
    page.at(f".subject a[href$='/{other.pk}/']")
    page.press("Space")
    page.sees("Please explain both lines.", "#peek")
    page.sees(f"#{other.pk}", "#announce, #peek:focus")  # announced where the preview is beside the rows, focused where it covers them
    page.look("preview")
    page.press("Escape")
    page.page.locator("#peek").wait_for(state="hidden")
    page.at(f".subject a[href$='/{other.pk}/']")
    page.press("j")
    page.push(f"tr:has(.subject a[href$='/{ticket.pk}/']) .peek")
    page.sees("Please explain both lines.", "#peek")
    page.at("#peek")
    held = HeldRequests(page.page, f"/{other.pk}/preview/")
    page.press("k")
    held.wait()
    page.at(f".subject a[href$='/{other.pk}/']")
    page.press("Escape")
    page.page.locator("#peek").wait_for(state="hidden")
    held.let_go()
    page.page.locator("#peek", has_text="A second question").wait_for(state="attached")
    assert page.page.is_hidden("#peek"), "what comes after the pane was shut does not open it again"
    page.press("j")
    page.at(f".subject a[href$='/{ticket.pk}/']")
    page.press("Enter")
    page.arrives(rf"/desk/{ticket.pk}/")
