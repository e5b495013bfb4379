"""What a page announces to screen reader users: once, and when it is new."""

import pytest

from desk.models import Rehearsal
from tests.browser.desk.keyboard import HEARD
from tests.browser.pages import SEND, expect
from tests.durability.stack import until
from tests.tickets.actions import ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
# What a screen reader announces by itself when a page is opened: regions with content, or changed by the page's own script.
TOLD = """() => [...document.querySelectorAll("[role=status], [role=alert], [aria-live]:not([aria-live=off])")]
    .filter(one => one.checkVisibility() && one.innerText.trim()).map(one => one.outerHTML.slice(0, 160))"""


def test_opened_page_announces_nothing_but_its_name(visit, cast, now):
    number = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="The customer has closed this office.").pk
    for who, addresses in (
        (cast.nora, ["/portal/requests/new/did_cancel/", f"/portal/requests/{number}/", f"/portal/pbxs/{cast.pbx.serial}/move/"]),
        (cast.agent, ["/desk/", "/desk/new/", f"/desk/{number}/"]),
    ):
        page = visit(who)
        for address in addresses:
            page.goto(address)
            expect(page.locator("h1")).to_be_visible()
            assert (address, page.evaluate(TOLD)) == (address, [])


def test_error_is_announced_once_and_leads_to_the_search_of_its_list(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/did_cancel/")
    expect(page.get_by_role("group", name="Numbers to cancel (required)")).to_be_visible()
    page.click(SEND)
    page.wait_for_selector(".error-summary:focus")
    assert page.get_by_role("alert").count() == 0, "what has the focus is read; an alert would be told once more"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-picker-filter]:focus")  # not the list itself: all its rows would be read
    page.wait_for_load_state()
    page.evaluate(HEARD)  # the answer beside the form replaces it a second later
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    until(lambda: any("1 chosen" in text for text in page.evaluate("heard")), "the announcement")


def test_dialog_is_announced_with_its_consequence(visit, cast, now):
    number = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="The customer has closed this office.").pk
    page = visit(cast.agent)
    page.goto(f"/desk/{number}/")
    page.click("#decide .btn-primary")
    question = page.get_by_role("dialog")
    expect(question).to_have_accessible_name(f"Execute “{page.text_content('h1')}”?")
    expect(question).to_have_accessible_description("Nothing is charged. This cannot be undone.")
    page.keyboard.press("Escape")
    page.click("[popovertarget=reject]")
    expect(page.get_by_role("dialog")).to_have_accessible_description(
        "The partner gets the reason and your message by e-mail and in the portal. If the partner replies, the ticket reopens."
    )


def test_repeated_text_is_announced_again_and_simultaneous_texts_together(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/")
    told = page.evaluate("""async () => {
        const region = document.querySelector("#announce"), told = [];
        const next = () => new Promise(done => new MutationObserver((_, watch) => {
            if (region.textContent) { watch.disconnect(); done(region.textContent); }
        }).observe(region, {childList: true}));
        for (const texts of [["Copied"], ["Copied"], ["2 found", "One article may help"]]) {
            const coming = next();
            texts.forEach(say);
            told.push(region.textContent, await coming);
        }
        return told;
    }""")
    assert told == ["", "Copied", "", "Copied", "", "2 found One article may help"], "Chromium tells nothing of a text that is the same"


def test_progress_steps_state_their_status_in_text(visit, cast, now):
    number = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="The customer has closed this office.").pk
    page = visit(cast.nora)
    page.goto(f"/portal/requests/{number}/")
    steps = page.locator(".steps > li > .step-title")
    assert [" ".join(text.split()) for text in steps.all_text_contents()] == [
        "Submitted: done", "With the care team: current", "Done: upcoming",
    ]  # fmt: skip


def test_thank_you_takes_the_focus_of_the_button_it_replaces(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/did_cancel/")
    page.locator("#offers summary").first.click()
    page.locator("#offers button[value=helped]").first.press("Enter")
    page.locator("#offers :focus", has_text="Thank you for your feedback.").wait_for()


def test_part_replaced_every_second_keeps_the_focus(visit, cast, now):
    told = Rehearsal.objects.create(
        code="did.minimum_term_months", valid_from=now.date(), value="7 months", note="Shorter.", by=cast.admin, asked_at=now, moved_at=now
    )
    page = visit(cast.admin)
    page.goto(f"/desk/rehearsals/{told.pk}/")
    page.locator("button", has_text="Stop").focus()
    for _answer in range(2):
        page.locator("#rehearsal").evaluate("part => part.setAttribute('data-old', '')")
        page.wait_for_selector("#rehearsal:not([data-old])")
    page.locator("#rehearsal button:focus", has_text="Stop").wait_for(timeout=2000)
