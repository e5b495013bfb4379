"""Many tickets at once, by keyboard: selected, previewed, watched while they are changed, and undone."""

from contextlib import contextmanager

import pytest
from django.db import transaction

from desk import tasks
from desk.models import BulkJob
from tests.browser.desk.keyboard import HEARD
from tests.durability.stack import until
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
LINK = "main a:has-text('Open the queue view')"


@contextmanager
def ticket_locked(number):
    """The worker postpones this ticket, so its job stops at what it could do: nobody waits for a lock."""
    with transaction.atomic():
        Ticket.objects.select_for_update(no_key=True).get(pk=number)
        yield


def finish_job(page):
    """Let the worker do the rest; announcements meanwhile are kept in `heard`."""
    page.page.evaluate(HEARD)
    tasks.bulk.delay(BulkJob.objects.get().pk)


def test_all_matching_tickets_are_changed_watched_and_undone(desk, cast, many):
    numbers = many(30)
    page = desk(cast.agent, "/desk/?view=all&order=number")
    page.press("j", "x")
    page.sees("1", "[data-chosen-rows]")
    page.push("[data-choose-matching]")
    page.sees("30", "[data-chosen-rows]")
    page.choose("#bulk-do", "Add the tag")
    page.fill("#bulk-value", "Fair Kiel")
    page.look("chosen")
    page.push("text=Preview change")
    page.sees("This will change 30 tickets", "h1")
    page.look("before the change")
    with ticket_locked(numbers[-1]):
        page.push("button:has-text('Change 30 tickets')")
        page.sees("29 of 30", ".toast")
        page.look("toast half-way")
        page.to("#job-link").element_handle().wait_for_element_state("hidden")  # until a newer one takes its place
        page.at("#job-link")
        page.press("Enter")
        page.sees("29 of 30", "#job")
        page.page.locator("#job progress[value='29'][max='30']").wait_for()
        assert Ticket.objects.filter(tags=["fair kiel"]).count() == 29
        page.look("half-way")
        page.to(LINK)
    finish_job(page)
    page.sees("Done", "#job .chip")
    page.at(LINK)
    until(lambda: any("Done: 30 tickets" in text for text in page.page.evaluate("heard")))
    assert Ticket.objects.filter(tags=["fair kiel"]).count() == 30
    page.look("job")
    page.push("#job-undo button")
    page.look("sure to put back")
    page.push("dialog [data-yes]")
    page.sees("Undone", "#job .chip")
    assert not Ticket.objects.exclude(tags=[]).exists()
    page.look("put back")
    page.rail("Bulk changes")
    page.sees("Undone", "main table")
    page.look("jobs")
