"""Large files: their progress is shown, and a broken connection costs nothing."""

import re

import pytest

from tests.browser.pages import settle
from tests.desk.conftest import question

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
WORDS = "Both lines are about the same phone."


def test_large_uploads_show_their_progress(visit, cast, now, tmp_path):
    ticket = question(cast, now)
    (tmp_path / "lines.txt").write_text("one line of many\n" * 200_000)
    page = visit(cast.nora)
    page.goto(f"/portal/requests/{ticket.pk}/")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2**21}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.evaluate("""() => {
        const told = [], percent = document.querySelector("[data-percent]");
        new MutationObserver(() => told.push(percent.textContent)).observe(percent, {childList: true});
        addEventListener("pagehide", () => sessionStorage.setItem("told", told.join(" ")));
    }""")
    page.fill("#composer-text", "x" * 10_001)
    page.set_input_files("[name=attachments]", tmp_path / "lines.txt")
    page.click("#composer .btn-primary")
    page.locator("#composer-error", has_text="10000").wait_for()  # the page itself reports what is not possible, as usual
    assert page.input_value("#composer-text") == "x" * 10_001
    assert re.search(r"\b[1-9]?[0-9]%", page.evaluate("sessionStorage.told")) and "Uploaded" in page.evaluate("sessionStorage.told")
    page.fill("#composer-text", WORDS)
    page.set_input_files("[name=attachments]", tmp_path / "lines.txt")
    page.click("#composer .btn-primary")
    page.locator(".event", has_text=WORDS).get_by_text("lines.txt").first.wait_for()
    settle(page)
    assert page.input_value("#composer-text") == "" and page.locator("#unsent").is_hidden()
    assert page.locator(".event", has_text="lines.txt").count() == 1


def test_broken_connection_during_upload_leaves_the_page_unchanged(visit, cast, now, tmp_path):
    ticket = question(cast, now)
    (tmp_path / "lines.txt").write_text("one line of many\n" * 100_000)
    page = visit(cast.nora)
    page.goto(f"/portal/requests/{ticket.pk}/")
    page.fill("#composer-text", WORDS)
    page.set_input_files("[name=attachments]", tmp_path / "lines.txt")
    page.evaluate("XMLHttpRequest.prototype.send = function () { setTimeout(() => this.dispatchEvent(new ProgressEvent('error'))); }")
    page.click("#composer .btn-primary")
    page.locator("#lost:visible").wait_for()
    page.locator("#composer .btn-primary:enabled").wait_for()
    assert page.input_value("#composer-text") == WORDS and page.locator("[aria-label='Remove lines.txt']").is_visible()


def test_proxy_size_limit_is_reported_at_the_files(visit, cast, now, tmp_path):
    ticket = question(cast, now)
    (tmp_path / "lines.txt").write_text("one line of many\n" * 100_000)
    page = visit(cast.nora)
    page.route("**/reply/", lambda route: route.fulfill(status=413, body="413 Request Entity Too Large"))
    page.goto(f"/portal/requests/{ticket.pk}/")
    page.fill("#composer-text", WORDS)
    page.set_input_files("[name=attachments]", tmp_path / "lines.txt")
    page.click("#composer .btn-primary")
    page.get_by_text("too large for the connection").wait_for()
    page.locator("#composer .btn-primary:enabled").wait_for()
    assert page.input_value("#composer-text") == WORDS
