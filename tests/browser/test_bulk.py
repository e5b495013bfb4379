"""An agent ticks two tickets, tags both, and undoes it immediately, with the mouse (by keyboard: desk/test_bulk_changes.py)."""

import pytest

from tests.tickets.actions import ask
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def questions(cast, now):
    return [ask(cast.nora, "general_question", now, topic="General", subject=f"Hall {n}", message="Where is it?") for n in range(3)]


def tags(ticket):
    return Ticket.objects.get(pk=ticket.pk).tags


@pytest.mark.thorough
def test_two_tickets_are_tagged_and_the_change_is_undone(visit, cast, questions):
    page = visit(cast.agent)
    page.goto("/desk/?view=all")
    for ticket in questions[:2]:
        page.check(f"input[name=numbers][value='{ticket.pk}']")
    page.select_option(".bulk [name=do]", "tag")
    page.fill(".bulk [name=value]", "Fair Kiel")
    page.click("text=Preview change")
    page.locator("h1", has_text="This will change 2 tickets").wait_for()
    page.click("button:has-text('Change 2 tickets')")
    page.wait_for_url("**/desk/?view=all")
    page.locator(".toast", has_text="2 tickets").wait_for()
    assert [tags(ticket) for ticket in questions] == [["fair kiel"], ["fair kiel"], []]
    page.click(".toast button:has-text('Undo')")
    page.locator(".chip", has_text="Undone").wait_for()
    assert [tags(ticket) for ticket in questions] == [[], [], []]


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1280, 360])
def test_selecting_moves_no_rows(visit, cast, questions, width):
    page = visit(cast.agent, width=width)
    page.goto("/desk/?view=all")
    box = page.locator(f"input[name=numbers][value='{questions[0].pk}']")
    before = box.bounding_box()
    box.check()
    page.locator("#bulk-do").wait_for()
    assert box.bounding_box() == before and page.locator(".bulk button", has_text="Preview change").is_visible()
    page.select_option("#bulk-do", "tag")
    assert box.bounding_box() == before
