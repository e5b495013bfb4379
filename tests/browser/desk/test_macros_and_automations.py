"""Macros and automations by keyboard: written, previewed, run, read in their log."""

import pytest
from django.utils import timezone

from desk import tasks
from desk.models import Automation, EventReader, Macro
from tests.durability.stack import until
from tickets.models import Ticket
from tickets.services import conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def test_macro_is_written_run_and_undone(desk, cast, ticket):
    page = desk(cast.agent)
    page.press("g", "m")
    page.sees("No macros yet")
    page.look("no macros")
    page.push("main >> text=New macro")
    page.arrives("/macros/new/")
    page.fill("[name=title]", "To the fair")
    page.choose("[name=actions-0-what]", "Set the priority to Critical")
    assert page.page.locator("[name=actions-0-text]").is_hidden()
    page.push("text=Add a row")
    assert page.page.locator("[data-row-form]").evaluate_all("rows => rows.map(row => row.ariaLabel)") == ["Row 1", "Row 2"]
    page.choose("[data-row-form]:last-of-type select", "Add the tag")
    page.fill("[data-row-form]:last-of-type textarea", "Fair")
    page.look("macro")
    page.push("form button:has-text('Save')")
    page.sees("To the fair", "main table")
    page.sees("Set the priority to Critical, Add the tag “fair”", "main td")
    page.look("macros")
    assert Macro.objects.get().owner == cast.agent
    page.open(f"/desk/{ticket.pk}/")
    page.page.locator("#macro").wait_for()
    page.press("m")
    page.at("#macro")
    page.choose("#macro", "To the fair")
    page.push("button:has-text('Apply')")
    page.sees("Undo “To the fair”")
    page.sees("fair", ".tags")
    page.look("done")
    page.push("text=Undo “To the fair”")
    page.sees("Undone.", ".toast")
    assert not Ticket.objects.get().tags


def test_automation_is_previewed_switched_on_and_logged(desk, cast, now, ticket):
    page = desk(cast.lead)
    page.press("g", "u")
    page.sees("No automations yet")
    page.push("main >> text=New automation")
    page.arrives("/automations/new/")
    page.fill("[name=title]", "Say that we heard")
    page.choose("[name=when]", "the partner writes")
    page.choose("[name=conditions-0-what]", "Billing")
    page.choose("[name=actions-0-what]", "Add the tag")
    page.fill("[name=actions-0-text]", "heard")
    page.push("text=Preview matches")
    page.sees("1", "aside .stat-value")
    page.look("matches now")
    page.push("form button:has-text('Save')")
    page.sees("Turn on")
    page.push("text=Turn on")
    page.sees("Turn off")
    EventReader.objects.update_or_create(pk=1, defaults={"seen": Automation.objects.get().seen_event or 1})
    conversation.reply(ticket.pk, "Well?", author=cast.nora, at=timezone.now())
    until(lambda: tasks.automate() or Ticket.objects.get().tags == ["heard"], "the automation")  # the worker may already be at it
    page.open(page.page.url)
    page.sees("Add the tag “heard”", "main table")
    page.look("log")
    page.rail("Automations")
    page.sees("Say that we heard", "main table")
    page.look("automations")
