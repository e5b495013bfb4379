"""What an open page of the desk requests by itself: nothing while nobody looks; and what it says once the session has ended."""

import pytest

from partners.models import Session
from tests.browser.pages import expect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
    Object.defineProperty(document, "visibilityState", {value: hidden ? "hidden" : "visible", configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.mark.parametrize("width", [1440])
def test_hidden_tab_sends_no_requests(desk, cast, ticket):
    page = desk(cast.agent, f"/desk/{ticket.pk}/", timed=True).page
    with page.expect_request("**/live/**"):
        page.clock.run_for(5_000)
    page.evaluate(HIDE, True)
    page.clock.run_for(5_000)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(30_000)
    assert asked == []
    page.evaluate(HIDE, False)
    with page.expect_request(f"**/desk/{ticket.pk}/live/**"):
        page.clock.run_for(5_000)
    page.clock.resume()


@pytest.mark.parametrize("width", [1440])
def test_counting_page_reports_an_ended_session(desk, cast):
    page = desk(cast.agent, "/desk/day/", timed=True).page
    Session.objects.all().delete()
    page.clock.resume()
    expect(page.locator("#signed-out")).to_be_visible()
