"""The queue's views by keyboard: those in the rail, those by topic, and those that people save, change and share."""

import pytest

from desk.models import SavedView
from desk.pages.rail import ORDERED, VIEWS
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
HERE = ".rail-body [aria-current=page]"


def test_every_view_and_topic_can_be_reached(desk, cast, ticket, many):
    many(3)
    page = desk(cast.agent)
    for place, (key, title, _icon) in enumerate(VIEWS, 1):
        label = str(title)
        page.press("g", str(place))
        page.page.locator(HERE, has_text=label).wait_for(state="attached")
        page.sees(label, "h1")
        page.arrives(f"view={key}{ORDERED.get(key, '')}$" if place > 1 else "/desk/$")
    page.look("nothing to do")
    page.rail("Billing")
    page.arrives("topic=Billing")
    page.sees("Billing", "h1")
    page.page.locator(HERE, has_text="Billing").wait_for(state="attached")
    page.sees("1", "[data-total]")
    page.sees(ticket.subject, "#queue")
    page.look("topic")
    page.press("Control+k")
    page.at("#palette-words")
    page.write("general")
    page.sees("General", "#palette-list [aria-selected=true]")
    page.press("Enter")
    page.arrives("topic=General")
    page.sees("3", "[data-total]")


def test_view_is_saved_gets_other_columns_and_is_deleted(desk, cast, many):
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


def test_shared_view_is_visible_to_all_and_its_changed_copy_is_ones_own(desk, cast, ticket, many):
    many(2)
    lead = desk(cast.lead, "/desk/?topic=Billing")
    lead.push("text=Save view")
    lead.at("#panel [name=name]")
    lead.write("All of Billing")
    lead.tick("#panel [name=is_shared]")
    lead.look("share")
    lead.push("#panel button:has-text('Save view')")
    lead.sees("All of Billing", "h1")
    page = desk(cast.agent, "/desk/?view=unassigned")
    page.rail("All of Billing")
    page.sees("All of Billing", "h1")
    page.sees(ticket.subject, "#queue")
    page.page.locator(f"{HERE}:has-text('All of Billing') [data-count]:text-is('1')").wait_for(state="attached")
    assert page.page.locator("text=Edit view").count() == 0, "it is the lead's"
    page.look("shared view")
    page.push("text=Add filter")
    page.at("#panel [name=partner]")
    page.write("Nord")
    page.push("#panel button:has-text('Apply')")
    page.sees("Modified", ".queue-tools")
    assert page.page.locator("text=Save changes").count() == 0
    page.look("changed view")
    page.push("text=Save as new")
    page.at("#panel [name=name]")
    page.write("Billing of Nord")
    page.press("Enter")
    page.sees("Billing of Nord", "h1")
    assert SavedView.objects.get(owner=cast.agent).query == "topic=Billing&partner=Nord"
    lead.press("f")
    lead.at("#panel [name=partner]")
    lead.write("Sud")
    lead.push("#panel button:has-text('Apply')")
    lead.push("text=Save changes")
    lead.page.locator(".queue-tools", has_text="Modified").wait_for(state="detached")
    assert SavedView.objects.get(owner=cast.lead).query == "topic=Billing&partner=Sud"
    page.open("/desk/")
    page.rail("All of Billing")
    page.sees("No tickets match")


def test_current_place_is_in_sight_below_the_open_tickets(visit, cast, many):
    page = visit(cast.agent)
    page.set_viewport_size({"width": 1280, "height": 640})
    many(5)
    for number in Ticket.objects.values_list("pk", flat=True):
        page.goto(f"/desk/{number}/")
    page.goto("/desk/lifetime/")
    page.locator("[data-tabs] a").nth(4).wait_for(state="attached")
    here, shown = (page.locator(f".rail-scroll{within}").bounding_box() for within in (" [aria-current=page]", ""))
    assert shown["y"] < here["y"] and here["y"] + here["height"] < shown["y"] + shown["height"]
