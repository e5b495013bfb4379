"""A partner's request page shows news, and does not disturb anyone who is typing there."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from partners.models import User
from tests.tickets.actions import ask
from tickets.services import conversation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.thorough
def test_news_appears_by_itself_and_typed_text_stays(visit, cast, now, carry_out):
    asked = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="The customer has closed this office.")
    User.objects.create_user("nils@nord.example", "correct horse battery", full_name="Nils Nord", partner=cast.nord)
    page = visit(cast.nora, timezone_id="Asia/Kolkata")
    page.clock.install()
    page.goto(f"/portal/requests/{asked.pk}/")
    page.fill("#composer-text", "And one more thing")
    page.select_option("#may-follow", label="Nils Nord")
    page.focus("#composer-text")
    conversation.note(asked.pk, "Known for such texts.", author=cast.agent, at=now)
    conversation.reply(asked.pk, "We are looking at it.", author=cast.agent, at=now)
    page.clock.run_for(15_000)
    page.locator("#timeline", has_text="We are looking at it.").wait_for()
    assert f"{now.astimezone(ZoneInfo('Asia/Kolkata')):%H:%M}" in page.inner_text("#timeline"), "clocks go by the reader's zone"
    assert "UTC" not in page.inner_text("main")
    assert "Known for such texts." not in page.inner_text("main")
    carry_out(asked)
    page.clock.run_for(15_000)
    page.locator("#request-head", has_text="Done").wait_for()
    page.locator("#announce", has_text="There is new activity").wait_for(state="attached")
    assert page.input_value("#composer-text") == "And one more thing"
    assert page.evaluate("document.activeElement.id") == "composer-text"
    assert page.locator("#request-aside button", has_text="Withdraw").count(), "somebody is at work there"
    page.select_option("#may-follow", index=0)
    page.clock.run_for(15_000)
    page.locator("#request-aside button", has_text="Withdraw").wait_for(state="detached")


@pytest.mark.thorough
def test_pending_confirmation_still_works_after_news_arrives(visit, cast, now):
    asked = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    page = visit(cast.nora, timed=True)
    page.clock.install()
    page.goto(f"/portal/requests/{asked.pk}/")
    page.get_by_role("button", name="Withdraw request").click()
    assert page.locator("dialog [data-yes]").get_attribute("class") == "btn btn-danger"
    conversation.reply(asked.pk, "We are looking at it.", author=cast.agent, at=now)
    page.clock.run_for(15_000)
    page.locator("#timeline", has_text="We are looking at it.").wait_for()
    with page.expect_navigation():
        page.click("dialog [data-yes]")
    page.locator("#request-head", has_text="Withdrawn").wait_for()


@pytest.mark.thorough
def test_dates_are_shown_in_the_readers_time_zone(visit, cast, now):
    late = now.replace(hour=23, minute=30) - timedelta(days=1)  # in India it is the next day by then
    asked = ask(cast.nora, "did_cancel", late, dids=[cast.did.number])
    page = visit(cast.nora, timezone_id="Asia/Kolkata")
    for path in (f"requests/{asked.pk}/", "", "requests/"):
        page.goto(f"/portal/{path}")
        words = "([at, timeZone]) => new Date(at).toLocaleDateString('en-GB', {dateStyle: 'medium', timeZone})"
        here, there = (page.evaluate(words, [late.isoformat(), zone]) for zone in ("Asia/Kolkata", "UTC"))
        page.locator("main time", has_text=here).first.wait_for()
        assert there not in page.inner_text("main"), path
