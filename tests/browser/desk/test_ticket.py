"""A ticket's handling by keyboard: status, owner, priority, tags, followers, clocks; two agents at once."""

import pytest
from django.db import transaction

from classound.models import Did
from tests.tickets.actions import ask
from tickets.models import Follower, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def test_ticket_is_handled_and_clocks_pause_while_waiting_for_the_partner(desk, cast, ticket):
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.tick(".clock summary")
    page.sees("min of support time", ".clock[open]")
    page.look("ticket")
    page.press("e")
    page.sees("Ada Agent", "#timeline")
    page.press("Shift+C")
    page.at("#new-status")
    page.choose("#new-status", "Waiting for partner")
    page.fill("#status-text", "Which invoice is it?")
    page.look("question")
    page.push(".handle-form > button")
    page.sees("paused", ".clocks")
    page.sees("Which invoice is it?", "#timeline")
    page.look("waiting")

    page.choose("[name=assignee]", "Ben Agent")
    page.choose("[name=priority]", "Critical")
    page.push(".handle-form > button")
    page.sees("Critical", ".ticket-head")
    page.at(".handle-form > button")  # the page was reloaded, and the focus is where it was
    page.press("l")
    page.at("#new-tag")
    page.write("Fair Kiel")
    page.press("Enter")
    page.sees("fair kiel", ".tags")
    page.page.locator("#may-follow option", has_text="Lea Lead").wait_for(state="attached")
    page.choose("#may-follow", "Lea Lead")
    page.push("button:has-text('Follow')")
    page.sees("Lea Lead", ".followers")
    page.look("handled")
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.assignee, ticket.priority, ticket.tags) == ("pending", cast.agent2, 1, ["fair kiel"])
    page.push("[aria-label='Remove tag fair kiel']")
    page.page.locator(".tags").wait_for(state="detached")
    page.push("[aria-label='Remove Lea Lead from followers']")
    page.page.locator(".followers li", has_text="Lea Lead").wait_for(state="detached")
    assert not Ticket.objects.get().tags and not Follower.objects.filter(user=cast.lead).exists()


def test_two_agents_see_each_other_and_neither_overwrites_the_other(desk, cast, ticket):
    page, second = desk(cast.agent, f"/desk/{ticket.pk}/"), desk(cast.agent2, f"/desk/{ticket.pk}/")
    page.sees("Ben Agent", "#viewers")
    second.press("r")
    second.at("#composer-text")
    second.write("I am on it")
    page.sees("is typing", "#viewers")
    page.look("somebody types")
    second.choose("[name=priority]", "Critical")
    second.push(".handle-form > button")
    page.sees("Critical", "#ticket-head")
    page.page.locator("#changed p").wait_for(state="detached")  # nothing is in progress here: it is shown as it is now
    page.to("[name=assignee]")
    second.push("text=Assign to me")
    page.sees("This ticket has changed", "#changed")
    page.at("[name=assignee]")
    page.choose("[name=assignee]", "Ada Agent")
    page.push(".handle-form > button")
    page.sees("has changed in the meantime", "h1")
    page.sees("Ben Agent", ".versus :checked + span")
    page.look("conflict")
    assert Ticket.objects.get().assignee == cast.agent2
    page.to(".versus :checked")
    page.press("ArrowDown")
    page.push("text=Save selected values")
    page.arrives(rf"/desk/{ticket.pk}/$")
    assert Ticket.objects.get().assignee == cast.agent


def test_execution_updates_the_page_without_disturbing_typing(desk, cast, now):
    asked = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="The customer has closed this office.")
    page = desk(cast.agent, f"/desk/{asked.pk}/")
    with transaction.atomic():
        Did.objects.select_for_update(no_key=True).get(pk=cast.did.pk)  # so that the worker has to wait
        page.press("d")
        page.push("dialog [data-yes]")
        page.sees("Executing the request", "#ticket-now")
        page.press("r")
        page.at("#composer-text")
        page.write("Your number")
        page.look("being executed")
    page.sees("Done", "#ticket-head")
    page.sees("Cancelled: +49 89 81000400", "#timeline")
    page.page.locator("#announce", has_text="Done").wait_for(state="attached")
    page.at("#composer-text")
    page.write(" is cancelled.")
    assert page.page.input_value("#composer-text") == "Your number is cancelled."
    page.page.locator(".actions, #changed p, .htmx-request").first.wait_for(state="detached")  # a request may be under way
    page.look("executed while somebody writes")


IN_ORDER = """places => places.map(one => document.querySelector(one)).sort(
    (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1).map(one => "#" + one.id)"""


def test_heading_comes_first_and_reading_order_matches_the_layout(desk, cast, width, ticket):
    wide = ["#ticket-title", "#composer-text", "#new-status", "#new-tag", "#ticket-context"]
    narrow = ["#ticket-title", "#new-status", "#composer-text", "#new-tag", "#ticket-context"]
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.page.locator("#links").wait_for()
    assert page.page.evaluate(IN_ORDER, wide) == (wide if width == 1440 else narrow)
    assert page.page.locator("main :is(h1, h2, h3)").first.get_attribute("id") == "ticket-title"
    page.to("#new-status")
    page.page.set_viewport_size({"width": 1800 - width, "height": 800})  # a tablet is rotated
    page.at("#new-status")
    assert page.page.evaluate(IN_ORDER, wide) == (narrow if width == 1440 else wide)


def test_finding_is_overridden_and_focus_returns_from_the_dialog(desk, cast, now):
    ticket = ask(cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="SUD", description="The reseller asked us for it.")
    page = desk(cast.lead, f"/desk/{ticket.pk}/")
    opens = ".actions [popovertarget=override]"
    page.push(opens)
    page.at("#override-rule")
    page.look("override")
    page.press("Escape")
    page.at(opens)
    page.push(opens)
    page.fill("#override-reason", "      ")
    page.push("#override .btn-danger")
    page.at("#override-reason")  # with the reason why not
    page.sees("This field is required.", "#override")
    page.look("override refused")
    page.press("Escape")
    page.at(opens)
    page.push(opens)
    page.fill("#override-reason", "Their director wrote to us.")
    page.push("#override .btn-danger")
    page.sees("has been overridden", ".toast")
    page.at("#ticket-title")
    assert ticket.overrides.get().reason == "Their director wrote to us."
