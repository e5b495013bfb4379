"""An agent ticks two tickets, puts a tag on both, and takes it back; a macro is done to one."""

import pytest

from desk.models import Macro
from tests.tickets.acts import ask
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def questions(cast, now):
    return [ask(cast.nora, "general_question", now, topic="General", subject=f"Hall {n}", message="Where is it?") for n in range(3)]


def tags(ticket):
    return Ticket.objects.get(pk=ticket.pk).tags


@pytest.mark.thorough
@pytest.mark.parametrize("width", [1440, 360])
def test_two_are_tagged_and_put_back(visit, cast, questions, width):
    page = visit(cast.agent, width=width, dark=width == 360)
    page.goto("/desk/?view=all")
    if width == 1440:
        for ticket in questions[:2]:
            page.check(f"input[name=numbers][value='{ticket.pk}']")
        page.select_option(".bulk [name=do]", "tag")
        page.fill(".bulk [name=value]", "Fair Kiel")
        page.click("text=Look at it first")
        page.locator("h1", has_text="This will change 2 tickets").wait_for()
        page.click("button:has-text('Change 2 tickets')")
        page.wait_for_url("**/desk/?view=all")
        page.locator(".toast", has_text="2 tickets").wait_for()
        assert [tags(ticket) for ticket in questions] == [["fair kiel"], ["fair kiel"], []]
        page.click(".toast button:has-text('Undo')")
        page.locator(".chip", has_text="Undone").wait_for()
        assert [tags(ticket) for ticket in questions] == [[], [], []]
    Macro.objects.create(title="To the fair", actions=[{"do": "tag", "value": "fair"}, {"do": "assign", "value": "me"}])
    page.goto(f"/desk/{questions[2].pk}/")
    page.select_option("select[name=macro]", label="To the fair")
    page.click("button:has-text('Do it')")
    page.locator("button", has_text="Take back “To the fair”").wait_for()
    assert tags(questions[2]) == ["fair"]
    page.click("text=Take back")
    page.locator(".toast", has_text="Taken back.").wait_for()
    assert tags(questions[2]) == []


@pytest.mark.thorough
def test_rows_of_a_macro_are_added_and_their_text_shows_where_it_is_wanted(visit, cast):
    page = visit(cast.agent)
    page.goto("/desk/macros/new/")
    page.fill("[name=title]", "Fair")
    page.select_option("[name=actions-0-what]", "priority:1")
    assert page.locator("[name=actions-0-text]").is_hidden()
    page.click("text=Add a row")
    page.locator("[data-row-form]:last-of-type select").select_option("tag")
    page.locator("[data-row-form]:last-of-type textarea").fill("Fair")
    page.click("button:has-text('Save')")
    page.locator("td", has_text="Set the priority to Critical, Add the tag “fair”").wait_for()
    assert Macro.objects.get().owner == cast.agent
