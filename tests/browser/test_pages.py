"""Every page: nothing sticks out on a phone, one button at most is filled, axe finds nothing serious; and its printout."""

from datetime import timedelta

import pytest

from billing.services import post
from policies.days import add_business_days
from tests.browser.axe import problems, problems_in_dark
from tests.browser.pages import SEND, answer, filled_buttons, overflow, pick
from tests.cast import make_did
from tests.tickets.actions import ask
from tickets.services import conversation, submission
from tickets.types import TYPES

pytestmark = pytest.mark.django_db(transaction=True)
PORTAL = (
    "",
    "requests/",
    "requests/new/",
    "numbers/",
    "devices/",
    "pbxs/",
    "account/",
    "mails/",
    "search/?q=cancel+number",
    "search/?q=PBX-FREE",
)
ADMIN = ("", "policies/policyvalue/", "policies/policyvalue/fee.porting_date_change/", "partners/user/", "estate/importrun/")
AGO = """days => {
  const time = document.createElement("time");
  time.setAttribute("datetime", new Date(Date.now() + days * 864e5).toISOString().slice(0, 10));
  time.dataset.relative = "";
  document.querySelector("main").append(time);
  dispatchEvent(new Event("beforeprint"));
  return time.nextElementSibling.textContent;
}"""
LEFT_OUT = ".rail, .bar, .composer, .actions, .btn, select, input:not([type=hidden]), textarea, .rel"  # on paper
TOUGH = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture
def tickets(cast, now):
    """A cancellation with a very long text, an RMA, and a transfer that waits for its parties; money on the account."""
    asked = (
        ("did_cancel", {"dids": [cast.did.number], "reason": "The customer has closed this office."}),
        ("rma", {"serial": "SN-OWNED", "kind": "doa", "fault": "It never rang.", "replacement": "new", "delivery_address": "Kiel"}),
        ("reseller_transfer", {"reseller": "R-NORD", "new_partner": "SUD", "description": "The reseller asked us for it."}),
    )
    made = []
    for code, fields in asked:
        form = TYPES[code].form(fields, partner=cast.nord)
        assert form.is_valid(), form.errors
        verdict = submission.judge(TYPES[code], form.answers(), today=now.date())
        made.append(submission.submit(submission.Request(TYPES[code], form, cast.nora, verdict.price), at=now))
    conversation.reply(made[0].pk, "Word " * 1500 + TOUGH * 30, author=cast.nora, at=now)
    conversation.note(made[0].pk, "Known for such texts.", author=cast.agent, at=now)
    conversation.ask_partner(made[1].pk, "Which colour is it?", author=cast.agent, at=now)
    post(partner_id=cast.nord.pk, fee="fee.porting_date_change", title="Porting", amount=50, currency="EUR", source="ticket:0", at=now)
    cast.bakery.name = cast.pbx.name = TOUGH
    cast.bakery.save()
    cast.pbx.save()
    return made


@pytest.fixture
def places(cast, tickets, mailed_link):
    """Return (user, path) of every page that can be opened without filling anything in."""
    requests = [f"requests/{ticket.pk}/" for ticket in tickets]
    forms = [f"requests/new/{code}/" for code in TYPES]
    denied = f"requests/new/did_cancel/?dids=%2B{cast.held.number[1:]}"
    desk = ("", "?view=all", "new/", "new/?partner=NORD", *(f"{ticket.pk}/" for ticket in tickets))
    return [
        (None, "/account/login/"),
        (None, mailed_link(cast.north_reseller.email)),
        *((cast.nora, f"/portal/{path}") for path in (*PORTAL, *requests, *forms, denied, "nothing-is-here/")),
        *((cast.agent, f"/desk/{path}") for path in desk),
        *((cast.admin, f"/admin/{path}") for path in ADMIN),
        *((user, "/account/sessions/") for user in (cast.nora, cast.agent)),
        (cast.lead, "/portal/requests/new/rma/?partner=NORD"),
    ]


def serious(page):
    """Return axe's findings: everything in light, the colours once more in dark."""
    found = problems(page) + problems_in_dark(page)
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.thorough
def test_every_page_is_accessible_and_fits_a_phone(visit, places):
    pages, found = {}, {}
    for user, path in places:
        page = pages.get(user) or pages.setdefault(user, visit(user))
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(path)
        problems = serious(page)
        problems += [f"more than one filled button: {buttons}"] if len(buttons := filled_buttons(page)) > 1 else []
        page.set_viewport_size({"width": 360, "height": 740})
        problems += [f"{pixels} px too wide"] if (pixels := overflow(page)) else []
        found |= {path: problems} if problems else {}
    assert found == {}


@pytest.mark.thorough
def test_form_stays_accessible_with_a_verdict_errors_and_a_dialog(visit, cast, tickets, today):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/porting_date_change/")
    page.click(SEND)
    page.wait_for_selector(".error-summary")
    assert serious(page) == []
    pick(page, "+49 89 81000403")
    page.fill("[name=requested_date]", (today + timedelta(days=1)).isoformat())
    answer(page, "Not possible as requested")
    assert serious(page) == []
    page.fill("[name=requested_date]", add_business_days(today + timedelta(days=40), 1, "DE").isoformat())
    answer(page, "Allowed")
    assert serious(page) == []
    desk = visit(cast.agent)
    desk.goto(f"/desk/{tickets[0].pk}/")
    desk.click("[popovertarget=reject]")
    assert serious(desk) == []


@pytest.fixture
def print_out(visit):
    """print_out(user, path) opens a page on a dark screen and prints it."""

    def do(user, path):
        page = visit(user, timezone_id="Europe/Rome")
        page.emulate_media(color_scheme="dark")
        page.goto(path)
        page.locator("h1").first.wait_for()
        page.emulate_media(media="print", color_scheme="dark")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        return page

    return do


@pytest.mark.thorough
def test_printed_ticket_omits_controls_and_names_who_printed_it(print_out, cast, tickets):
    page = print_out(cast.agent, f"/desk/{tickets[0].pk}/")
    page.locator("#links").wait_for(state="attached")  # comes after the page
    assert [place.inner_text() for place in page.locator(LEFT_OUT).all() if place.is_visible()] == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    line = page.inner_text(".paper")
    assert cast.agent.get_full_name() in line
    assert "Europe/Rome" in line
    assert line.endswith(f"/desk/{tickets[0].pk}/")


@pytest.mark.thorough
def test_countdown_is_printed_as_a_date(print_out, cast, tickets):
    page = print_out(cast.agent, "/desk/?view=all")
    time = page.locator("time[data-countdown]").first
    assert time.evaluate("time => getComputedStyle(time).fontSize") == "0px"
    assert time.evaluate("time => getComputedStyle(time, '::after').content").strip('"') == time.get_attribute("data-exact")


@pytest.mark.thorough
def test_due_the_next_day_reads_tomorrow_even_beyond_a_day_and_a_half(visit, cast, tickets):
    page = visit(cast.agent, timezone_id="UTC")
    page.goto("/desk/?view=all")
    page.clock.set_fixed_time("2026-11-29T04:11:00+00:00")
    time = page.locator("time[data-countdown]").first
    time.evaluate("time => { time.setAttribute('datetime', '2026-11-30T17:00:00+00:00'); dispatchEvent(new Event('beforeprint')); }")
    assert time.inner_text() == "tomorrow"
    assert time.get_attribute("title").endswith("30 November 2026 at 17:00 (tomorrow)")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("moment", "words"), [("2026-11-29T20:30", "4 days"), ("2026-11-30T04:30", "3 days"), ("2026-12-07T04:30", "4 days")]
)
def test_due_sentence_and_countdown_state_the_same_days(visit, cast, tickets, moment, words):
    """Four evenings before a morning is three and a half days, and four days by the calendar."""
    page = visit(cast.agent, timezone_id="UTC")
    page.goto(f"/desk/{tickets[0].pk}/")
    page.clock.set_fixed_time(f"{moment}:00+00:00")
    times = page.locator("time[data-due], #ticket-handling time[data-countdown]")
    for time in (times.first, times.last):
        time.evaluate("time => { time.setAttribute('datetime', '2026-12-03T08:00:00+00:00'); dispatchEvent(new Event('beforeprint')); }")
        assert words in time.inner_text()


@pytest.mark.thorough
def test_one_time_link_is_not_printed(print_out, tickets, mailed_link, cast):
    path = mailed_link(cast.north_reseller.email)
    page = print_out(None, path)
    assert page.locator(".paper").is_visible()
    assert path not in page.inner_text("body")


@pytest.mark.thorough
def test_form_error_page_has_the_address_of_its_page(visit, cast, tickets):
    page = visit(cast.agent)
    path = f"/desk/{tickets[0].pk}/"
    page.goto(path)
    page.fill("#new-tag", "l" * 41)
    page.press("#new-tag", "Enter")
    page.locator("#new-tag-error").wait_for()
    page.wait_for_url(f"**{path}")
    with page.expect_request(lambda request: request.is_navigation_request()) as asked:
        page.reload()
    assert (asked.value.method, page.locator("#new-tag-error").count()) == ("GET", 0)


@pytest.mark.thorough
def test_long_subject_is_a_large_touch_target_on_a_phone(visit, cast, now):
    numbers = [cast.did.number, *(make_did(f"+4989810004{n}", cast.pbx, activated_on=cast.did.activated_on).number for n in (21, 22))]
    ticket = ask(cast.nora, "did_cancel", now, dids=numbers)
    page = visit(cast.nora, width=360, has_touch=True)
    for path in ("/portal/", "/portal/requests/"):
        page.goto(path)
        named = page.locator("h3 a", has_text="Cancel").first
        assert overflow(page) == 0 and named.inner_text() == ticket.subject and named.bounding_box()["height"] >= 44


SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
        p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
}"""
STYLE = "(part, [name, pseudo]) => getComputedStyle(part, pseudo)[name]"


@pytest.mark.thorough
def test_pages_fit_320_px_with_the_readers_text_spacing(visit, places):
    """WCAG 1.4.10 and 1.4.12 together: 320 px, which is 1280 px at 400 %."""
    pages, found = {}, {}
    for user, path in places:
        page = pages.get(user) or pages.setdefault(user, visit(user, width=320))
        page.goto(path)
        page.evaluate(SPACED)
        found |= {path: pixels} if (pixels := overflow(page)) else {}
    assert found == {}


@pytest.mark.thorough
def test_selection_is_visible_in_forced_colours(visit, cast, tickets):
    page = visit(cast.agent, forced_colors="active")
    page.goto(f"/desk/{tickets[0].pk}/")

    def style(selector, name, pseudo=None):
        return page.locator(selector).first.evaluate(STYLE, [name, pseudo])

    for chosen, other in (
        (".tabs [aria-current]", ".tabs a:not([aria-current])"),
        (".composer-tabs label:has(:checked)", ".composer-tabs label:not(:has(:checked))"),
    ):
        assert style(chosen, "borderBottomColor") != style(other, "borderBottomColor")
    assert style(".step-current .step-mark", "backgroundColor", "::after") != style("body", "backgroundColor")
    assert style(".composer .btn-primary", "backgroundColor") != style(".actions .btn-primary", "backgroundColor"), "nothing to send yet"
    page.click("[popovertarget=reject]")
    assert style("#reject", "borderTopWidth") == "1px"
    page.press("#reject", "Escape")
    page.press("body", "Control+k")
    assert style("#palette li[aria-selected=true]", "backgroundColor") != style("#palette li[aria-selected=false]", "backgroundColor")
    page.goto("/desk/")
    assert style(".rail-links [aria-current]", "backgroundColor") != style(".rail-links a:not([aria-current])", "backgroundColor")
    page = visit(cast.nora, forced_colors="active")
    page.goto("/portal/requests/")
    assert style(".steps-mini .step-todo", "backgroundColor") == style("body", "backgroundColor"), "filled, it would look done"


@pytest.mark.thorough
def test_row_checkbox_is_easy_to_hit_beside_the_row_link(visit, cast, tickets):
    page = visit(cast.agent)
    page.goto("/desk/?view=all")
    box = page.locator(".queue [name=numbers]").first
    place = box.bounding_box()
    page.mouse.click(place["x"] - 3, place["y"] - 3)
    assert box.is_checked()
    assert page.url.endswith("/desk/?view=all")


@pytest.mark.thorough
def test_relative_dates_agree_with_the_calendar(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/")
    said = {-1: "yesterday", -10: "1 week ago", -42: "1 month ago", -400: "1 year ago", 10: "in 1 week", 15: "in 2 weeks"}
    assert {days: page.evaluate(AGO, days) for days in said} == said
