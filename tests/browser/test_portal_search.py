"""The portal's one box answers while somebody types, and going back leads to the results."""

import pytest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def test_results_appear_while_typing_and_clearing_returns_home(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/")
    box = page.locator("[data-search]")
    box.press_sequentially("canc")
    page.locator("#found a", has_text="Cancel numbers").wait_for()
    page.locator("#announce", has_text="found").wait_for(state="attached")
    assert box.input_value() == "canc" and page.evaluate("document.activeElement.name") == "q"
    page.locator("#found a", has_text="Cancel numbers").click()
    page.locator("form[data-guard]").wait_for()
    page.go_back()
    page.locator("#found a", has_text="Cancel numbers").wait_for()
    box.fill("")
    page.get_by_role("heading", name="Start a request").wait_for()
