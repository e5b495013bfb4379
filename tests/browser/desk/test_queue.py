"""The queue by keys: views, filters, orders, pages, saved views and columns; a look into rows; what is new; many at once."""

import pytest
from django.utils import timezone

from tests.desk.conftest import question
from tests.tickets.acts import ask
from tickets.models import Ticket
from tickets.services import conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
FIRST = "#queue tbody tr:first-child"


def test_a_queue_is_narrowed_ordered_and_paged(desk, cast, now, many):
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
    page.tick("#panel label:has-text('Ask something else') input")
    page.look("filters")
    page.push("#panel button:has-text('Show')")
    page.arrives("type=general_question")
    page.look("chips")
    page.push(".filters a:has-text('Ask something else')")
    page.arrives("partner=Nord(?!.*type=)")

    page.push(".queue-tools summary")
    page.push(".queue-tools .menu-list a:has-text('Lowest number first')")
    page.arrives("order=number")


def test_a_view_is_saved_gets_other_columns_and_is_deleted(desk, cast, many):
    many(2)
    page = desk(cast.agent, "/desk/?view=unassigned&partner=NORD&order=number")
    page.push("text=Save view")
    page.at("#panel [name=name]")
    page.write("All of Nord")
    page.look("save view")
    page.press("Enter")
    page.sees("All of Nord", "h1")
    page.look("saved view")

    page.push("text=Columns")
    page.at("#panel input:first-child")
    page.tick("#panel label:has-text('Tags') input")
    page.look("columns")
    page.push("#panel button:has-text('Save columns')")
    page.sees("Tags", "#queue thead")
    page.push("text=Edit view")
    page.push("#panel button:has-text('Delete view')")
    page.look("sure to delete")
    page.push("dialog [data-yes]")
    page.page.locator("#rail-saved").wait_for(state="detached")


def test_rows_are_looked_into_and_what_is_new_waits_to_be_asked_for(desk, cast, now, ticket):
    other = question(cast, now, subject="A second question")
    page = desk(cast.agent)
    page.press("j", "j")
    page.at(f".subject a[href$='/{ticket.pk}/']")
    page.press("k")
    page.at(f".subject a[href$='/{other.pk}/']")
    page.press("Space")
    page.sees("Please explain both lines.", "#peek")
    page.look("preview")
    page.press("Escape")
    page.page.locator("#peek").wait_for(state="hidden")
    page.at(f".subject a[href$='/{other.pk}/']")

    question(cast, timezone.now(), subject="A third question")
    conversation.reply(ticket.pk, "And a headset?", author=cast.nora, at=timezone.now())
    page.sees("1 new, 1 changed", "[role=status]")
    page.look("news")
    assert page.page.locator("#queue tbody tr").count() == 2, "rows do not move by themselves"
    page.push("#fresh a")
    page.sees("A third question", "#queue")
    page.press("j", "Enter")
    page.arrives(r"/desk/\d+/")


def test_all_that_match_are_changed_and_put_back(desk, cast, many):
    numbers = many(30)
    page = desk(cast.agent, "/desk/?view=all&order=number")
    page.press("j", "x")
    page.sees("1", "[data-chosen-rows]")
    page.push("[data-choose-matching]")
    page.sees("30", "[data-chosen-rows]")
    page.choose("#bulk-do", "Add the tag")
    page.fill("#bulk-value", "Fair Kiel")
    page.look("chosen")
    page.push("text=Look at it first")
    page.sees("This will change 30 tickets", "h1")
    page.look("before the change")
    page.push("button:has-text('Change 30 tickets')")
    page.sees("30 tickets", ".toast-success")
    assert Ticket.objects.filter(tags=["fair kiel"]).count() == len(numbers)
    page.look("changed")
    page.push(".toast a")
    page.sees("Done", "#job .chip")
    page.look("job")
    page.push(".page-head button:has-text('Undo')")
    page.push("dialog [data-yes]")
    page.sees("Undone", "#job .chip")
    assert not Ticket.objects.exclude(tags=[]).exists()
    page.look("put back")
    page.rail("Bulk changes")
    page.sees("Undone", "main table")
    page.look("jobs")
