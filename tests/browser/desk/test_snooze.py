"""A ticket is snoozed by keyboard, found under Snoozed, snoozed differently, and woken; a past day is refused in place."""

from datetime import timedelta

import pytest

from tickets.models import Ticket
from tickets.services import snoozing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def test_snooze_key_works_in_list_and_ticket_but_types_in_fields(desk, cast, ticket):
    page = desk(cast.agent)
    page.press("j", "z")
    page.arrives(f"/desk/{ticket.pk}/")
    page.at(".snooze-choice")
    page.look("choices")
    page.press("Escape")
    page.page.locator("#snooze-dialog").wait_for(state="hidden")
    page.press("r")
    page.at("#composer-text")
    page.write("z")
    assert page.page.input_value("#composer-text") == "z" and page.page.is_hidden("#snooze-dialog")
    page.look("a letter")


def test_snoozed_tickets_buttons_are_not_cut_off(desk, cast, ticket, now):
    snoozing.snooze(ticket.pk, now + timedelta(days=3), actor=cast.agent, at=now)
    page = desk(cast.agent2, f"/desk/{ticket.pk}/").page
    assert page.locator(".handle-quick button").all_inner_texts() == ["Assign to me", "End snooze", "Change"]
    assert page.evaluate("[...document.querySelectorAll('.handle-quick button')].every(one => one.scrollWidth <= one.clientWidth)")


def test_ticket_is_snoozed_and_woken(desk, cast, ticket):
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.to("#snooze")
    page.press("z")
    page.at(".snooze-choice")
    page.page.evaluate("snooze.outerHTML += ''; htmx.process(snooze)")  # as news does that arrives meanwhile
    page.press("Escape")
    page.at("#snooze")
    page.press("z")
    page.to("#snooze-day")
    page.page.locator("#snooze-day").fill("2020-01-01")  # how a date is typed depends on the browser's language
    page.press("Enter")
    page.sees("in the future", "#snooze-dialog[open] .error")
    page.at("#snooze-day")
    assert page.page.input_value("#snooze-day") == "2020-01-01"
    page.look("a day that is past")
    page.push(".snooze-choice:last-of-type")  # the latest: "In a week", but on a Monday "Next week"
    page.sees("Snoozed until", "#toasts")
    page.sees("until", "#ticket-head .chip")
    page.look("put off")
    page.page.wait_for_load_state()

    page.rail("Snoozed")
    page.arrives("view=snoozed")
    page.sees("until", ".queue .chip")
    page.look("the snoozed")
    page.open(f"/desk/{ticket.pk}/")
    page.press("Control+k")
    page.at("#palette-words")
    page.write("end snooze")
    page.sees("End snooze", "#palette-list [aria-selected=true]")
    page.press("Enter")
    page.page.locator("[data-key='Shift-Z']").wait_for(state="detached")
    assert Ticket.objects.get(pk=ticket.pk).snoozed_until is None
    page.sees("ended the snooze", "#ticket-timeline")
