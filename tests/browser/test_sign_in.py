"""Signing in: password, the e-mailed code, an app instead of it, and signing out."""

import re

import pytest
from django.core import mail

from tests.browser.axe import problems, problems_in_dark

pytestmark = pytest.mark.django_db(transaction=True)
# Colours that would change gradually change at once.
SUDDEN = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { transition: none !important }");
    document.adoptedStyleSheets.push(sheet);
}"""


@pytest.mark.thorough
def test_contact_signs_in_with_the_emailed_code_and_signs_out(visit, cast):
    page = visit()
    page.goto("/portal/")
    page.fill("[name=login]", cast.nora.email)
    page.fill("[name=password]", "wrong on purpose")
    page.click("main form button")
    page.wait_for_selector("main :text('Sign-in failed')")
    assert page.input_value("[name=login]") == cast.nora.email
    page.fill("[name=password]", "correct horse battery")
    page.click("main form button")
    page.fill("[name=code]", re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)[0])
    page.click("main form button")
    page.wait_for_url("**/portal/")
    page.click("summary[aria-label^='User menu']")
    assert "Nora Nord" in page.inner_text(".menu-who")
    earlier = page.context.new_page()
    earlier.goto("/portal/")
    page.click("text=Sign out")
    page.wait_for_selector("[name=login]")
    earlier.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")  # as its Back button shows it
    earlier.wait_for_selector("[name=login]")
    page.goto("/portal/")
    assert "/account/login/" in page.url


@pytest.mark.thorough
def test_agent_adds_an_app_after_reentering_the_password(visit, cast):
    page = visit(cast.agent)
    page.goto("/account/app/add/")
    page.fill("[name=password]", "correct horse battery")
    page.click("main form button")
    page.wait_for_selector("main img[src^='data:image/svg']")
    assert page.evaluate("document.querySelector('main img').naturalWidth") > 0


@pytest.mark.thorough
def test_api_documentation_is_readable(visit, cast):
    page = visit(cast.agent)
    page.goto("/api/docs/")
    page.evaluate(SUDDEN)
    page.locator("#swagger-ui .opblock-summary-control").first.click()
    page.locator("button.try-out__btn").first.click()
    page.wait_for_selector("button.execute")
    faint = problems(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("html.dark-mode")
    assert [text for text in faint + problems_in_dark(page) if "color-contrast" in text] == []
    ground = "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number).slice(0, 3)"
    assert max(page.evaluate(ground)) < 60, "dark, like every other page"
