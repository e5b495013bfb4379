"""In a real browser: the policy of the Content Security Policy stops nothing that the pages need."""

import os
import shutil

import pytest
from django.urls import reverse

from tests.access.conftest import PASSWORD, mailed_code

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.urls("tests.access.urls"), pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--no-first-run"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium):
    """A page whose complaints (console errors: refused scripts, styles, pictures) are collected in `page.complaints`."""
    page = chromium.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()


def test_the_api_documentation_runs(page, live_server):
    page.goto(live_server.url + "/api/docs/")
    page.wait_for_selector("#swagger-ui .opblock")
    assert page.complaints == []


def test_an_agent_signs_in_and_adds_an_app(page, live_server, agent):
    page.goto(live_server.url + reverse("account_login"))
    page.fill("[name=login]", agent.email)
    page.fill("[name=password]", PASSWORD)
    page.click("form:has([name=password]) button")
    page.fill("[name=code]", mailed_code())
    page.click("form:has([name=code]) button")
    page.wait_for_url("**/desk/")
    page.complaints.clear()
    page.goto(live_server.url + reverse("mfa_activate_totp"))
    page.fill("[name=password]", PASSWORD)
    page.click("form:has([name=password]) button")
    page.wait_for_selector("main img[src^='data:image/svg']")
    assert page.evaluate("document.querySelector('main img').naturalWidth") > 0
    assert page.complaints == []
