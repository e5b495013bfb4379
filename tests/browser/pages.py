"""Users' actions on the pages of Careline, by the visible text."""

import re

NUMBERED = re.compile(r"/requests/(\d+)/")
SEND = "#send-bar button"
FILLED = """() => {
  const accent = getComputedStyle(document.querySelector(".brand-tile")).fill;
  const buttons = [...document.querySelectorAll("button, a.btn, input[type=submit]")].filter(button => button.checkVisibility());
  const there = buttons.filter(button => getComputedStyle(button).backgroundColor === accent);
  return there.map(button => (button.innerText || button.value).trim());
}"""


def pick(page, text):
    """Choose the row of the asset picker that shows this text."""
    page.locator(".picker-list label", has_text=text).locator("input").check()


def row(page, text):
    return page.locator(".picker-list li", has_text=text)


def answer(page, outcome):
    """Wait until the answer beside the form is this one: Allowed, Needs review, Not possible yet …"""
    page.locator("#verdict h2", has_text=outcome).wait_for()


def settle(page):
    """Let the last answer arrive: it is requested a moment after the last key."""
    page.wait_for_timeout(500)
    page.wait_for_selector(".htmx-request", state="detached")


def send(page, label):
    """Press the submit button, which must have this label, and arrive at the request; return its number."""
    page.locator(SEND, has_text=label).click()
    page.wait_for_url(NUMBERED)
    return int(NUMBERED.search(page.url)[1])


def overflow(page):
    """Return by how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def filled_buttons(page):
    """Return the labels of the buttons that are filled with the accent colour."""
    return page.evaluate(FILLED)


def tab_to(page, selector, at_most=60):
    """Press Tab until the focus is on it."""
    for _press in range(at_most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is out of reach of the Tab key.")


def expect(locator):
    """Return Playwright's assertions, imported on first use: most processes that collect these tests never open a browser."""
    from playwright.sync_api import expect

    return expect(locator)
