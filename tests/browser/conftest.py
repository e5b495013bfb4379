"""A real browser in front of the live server, people signed in to it, and a real worker behind it."""

import os
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from config.celery import app
from tests.browser.seats import PATIENCE, Seats
from tests.cast import build_cast
from tests.durability.conftest import talk_to
from tests.durability.stack import Stack, until
from tickets.models import Mail
from tickets.services import outbox

SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
SWITCHES += ["--renderer-process-limit=1"]  # otherwise a spare one is started for each one in use
# The browser logs a rejected form as a failed resource; anything else it logs is a complaint.
REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of (400|401|404|409|413|422)")
SLOW = int(os.environ.get("SLOW", "0"))  # ms by which every response is delayed: a test that needs a fast machine fails
CONFIRM = re.compile(r"/confirm/\S+")
# A live check overtaken by a later one, or by the submission, is aborted; one that a busy machine answers too late is sent again; one after
# the session has ended is reported on the page.
OVERTAKEN = re.compile(r"htmx:(afterRequest|sendAbort|timeout), |Response Status Error Code 401 from ")
# The browser's messages about a connection that a test has cut.
CUT = re.compile(r"net::ERR_|status of 503|Status Error Code 503|htmx:sendError, ")


@pytest.fixture(scope="package")
def chromium():
    """One browser for all tests of this folder."""
    from playwright.sync_api import expect, sync_playwright

    path = os.environ.get("CHROMIUM")  # dev.py test looks for one
    if not path:
        pytest.fail("No browser was found: install Chromium, or let CHROMIUM name its program.", pytrace=False)
    # Playwright keeps an event loop in this thread, which Django mistakes for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if before is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="package")
def worker(django_db_setup, django_db_blocker):
    """A Celery worker and its queue as separate processes; the live server uses that queue."""
    with django_db_blocker.unblock():
        stack = Stack(sweep=10, keeps_time=True)
    address = app.conf.broker_url
    talk_to(stack.broker)
    try:
        stack.start_worker()
        yield stack
    finally:
        talk_to(address)
        stack.stop()


@pytest.fixture
def today():
    """The live server has the real clock."""
    return timezone.now().date()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def cast(settings, transactional_db, worker, today):
    """The cast of all tests; when a test ends, the worker has finished. Uploads are stored where the worker finds them."""
    settings.MEDIA_ROOT = worker.folder / "attachments"
    yield build_cast(today)
    until(at_rest, "the worker")
    worker.tidy()


def at_rest():
    """Return whether no work is due."""
    soon = timezone.now() + timedelta(seconds=1)
    return not any((outbox.pending_executions(before=soon), *outbox.pending_deliveries(at=soon)))


@pytest.fixture(scope="package")
def seats(chromium):
    """Browser contexts that tests use one after the other: a new one costs as much as loading a page."""
    return Seats(chromium)


@pytest.fixture
def visit(seats, live_server, cast):
    """visit(user) returns a page in its own browser context, signed in as that user (or nobody); `cut`: its connection will be cut.

    `timed`: its clock will be changed. Any complaint of these pages, like a script blocked by the Content Security Policy,
    fails the test.
    """
    complaints = []

    def enter(user=None, *, width=1280, cut=False, timed=False, **options):
        seat = seats.take(live_server.url, alone=cut or timed or bool(options), **options)
        context = seat.context
        seat.listen("console", lambda message: (cut and CUT.search(message.text)) or _note(complaints, message))
        seat.listen("weberror", lambda error: complaints.append(str(error.error)))
        if user:
            client = Client()
            client.force_login(user)
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        if SLOW:
            conditions = {"offline": False, "latency": SLOW, "downloadThroughput": -1, "uploadThroughput": -1}
            context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)
        return page

    yield enter
    seats.clear()
    assert complaints == []


def _note(complaints, message):
    refused = REFUSAL.match(message.text) and "/static/" not in message.location["url"]
    if message.type in ("error", "warning") and not refused and not OVERTAKEN.match(message.text):
        complaints.append(f"{message.location['url']}: {message.text}")


@pytest.fixture
def carry_out(visit, cast):
    """carry_out(ticket) has an agent read the ticket and the effects of executing it, execute it and see it done; returns the agent's
    page."""

    def execute(ticket, leads_to="This cannot be undone."):
        page = visit(cast.agent)
        page.goto(f"/desk/{ticket.pk}/")
        page.click(".actions .btn-primary")
        assert page.inner_text("#confirm [data-consequence]").endswith(leads_to)
        assert page.locator("#confirm .btn-danger").count() == 0, "red rejects or removes"
        with page.expect_navigation():
            page.click("dialog [data-yes]")
        page.wait_for_selector("text=Executing the request", state="detached")
        until(at_rest, "charges and mails")
        page.reload()
        return page

    return execute


@pytest.fixture
def mailed_link(worker):
    """mailed_link(address) returns the path that the newest e-mail asks this address to open and confirm.

    An e-mail is passed to the mail server before its link is committed, so that none is lost: only a commit makes the link work.
    """

    def find(to):
        def newest():
            if Mail.objects.filter(to=to, sent_at=None).exists():
                return None
            mails = [path.read_text() for path in sorted(worker.postbox.glob("*.mail"), key=os.path.getmtime, reverse=True)]
            return next((found[0] for text in mails if text.startswith(f"{to}\n") and (found := CONFIRM.search(text))), None)

        return until(newest, f"a mail to {to}")

    return find
