"""The day and the reports by keyboard: numbers link to their lists, tables become files."""

import csv
from datetime import timedelta

import pytest

from desk.services import owners
from tests.desk.conftest import question
from tickets.models import Ticket
from tickets.services import conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def test_day_page_shows_what_waits_and_links_to_the_lists(desk, cast, now, ticket):
    owners.assign(ticket.pk, cast.agent, actor=cast.lead, at=now)
    conversation.reply(ticket.pk, "Well?", author=cast.nora, at=now)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=now + timedelta(days=2))  # tickets due today, as on a working day, come first
    page = desk(cast.agent, "/desk/day/")
    page.sees(ticket.subject, "[aria-labelledby=h-answers]")
    page.sees("assigned to you", "[aria-labelledby=h-notices]")
    page.look("day")
    page.push(".stat:has-text('Awaiting your reply')")
    page.arrives("awaits=answer")
    page.sees(ticket.subject, "#queue")
    page.press("a")
    page.arrives("/notices/")
    page.look("notices")


def test_reports_link_to_the_list_and_download_as_files(desk, cast, now, ticket):
    question(cast, now, subject="Another question")
    page = desk(cast.agent, "/desk/reports/")
    page.look("reports")
    assert page.page.locator("figure").first.aria_snapshot().startswith("- figure:\n"), "the dates below the chart are not its name"
    page.to(".report svg a")
    page.press("Enter")
    page.arrives("created_from=")
    page.sees("2", "[data-total]")
    page.look("list")
    page.page.go_back()
    page.to("[aria-labelledby=h-volume] a[download]:has-text('CSV')")
    with page.page.expect_download() as download:
        page.press("Enter")
    rows = list(csv.reader(download.value.path().open(encoding="utf-8-sig")))
    assert any("Ask something else" in row for row in rows)
    page.press("Shift+Tab")
    with page.page.expect_download() as download:
        page.press("Enter")
    assert download.value.path().read_bytes()[:2] == b"PK"
    page.choose("[name=topic]", "CLASSOUND")
    page.push(".report-form button")
    page.arrives("topic=CLASSOUND")
    page.look("nothing")
