"""A lost connection: pages report it calmly and poll less, typed text stays, and what has arrived is not sent twice."""

import re

import pytest

from tests.browser.pages import expect
from tests.desk.conftest import question
from tickets.models import Event
from tickets.services import conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
AWAY = "Careline is not responding at the moment."
WORDS = "Both lines are about the same phone."


def test_disconnected_page_polls_less_and_resumes_when_back(visit, cast, now):
    ticket = question(cast, now)
    page = visit(cast.agent, cut=True)
    page.clock.install()
    page.goto(f"/desk/{ticket.pk}/")
    page.wait_for_load_state("networkidle")  # a response still under way would end the outage
    answers = {"status": 503, "headers": {"Retry-After": "200"}, "body": "away"}
    asked = []
    polls = re.compile(r"/(live|counts)/")
    page.route(polls, lambda route: (asked.append(route.request.url), route.fulfill(**answers)))
    page.clock.run_for(5_000)
    page.locator("#away:visible", has_text=AWAY).wait_for()
    page.wait_for_timeout(500)
    before = len(asked)
    page.clock.run_for(80_000)
    page.wait_for_timeout(500)  # a request would be here
    assert len(asked) == before, "as long as it was told to, the page asks nothing"
    assert page.locator("#lost").is_hidden()
    page.unroute(polls)
    conversation.reply(ticket.pk, "And a headset?", author=cast.nora, at=now)
    page.clock.run_for(260_000)
    page.locator("#timeline :text('And a headset?')").wait_for()
    expect(page.locator("#away")).to_be_hidden()


def test_offline_message_is_kept_and_a_delivered_one_is_not_resent(visit, cast, now):
    ticket = question(cast, now)
    page = visit(cast.nora, cut=True)
    page.goto(f"/portal/requests/{ticket.pk}/")
    page.fill("#composer-text", WORDS)
    page.context.set_offline(True)
    page.locator("#away:visible", has_text=AWAY).wait_for()
    page.click("#composer .btn-primary")
    page.locator("#lost:visible").wait_for()
    assert page.input_value("#composer-text") == WORDS
    page.context.set_offline(False)
    expect(page.locator("#away")).to_be_hidden()

    def lose(route):  # it arrives, and its response does not
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route("**/reply/", lose)
    with page.expect_event("requestfailed"):
        page.click("#composer .btn-primary", no_wait_after=True)
    page.unroute("**/reply/")
    page.goto(f"/portal/requests/{ticket.pk}/")
    page.locator("#timeline", has_text=WORDS).wait_for()
    assert page.locator("#unsent").is_hidden() and page.input_value("#composer-text") == ""
    assert Event.objects.filter(ticket=ticket, body=WORDS).count() == 1
