"""The shortcut sheet, the palette, and keys that stay letters inside fields; the same at a phone's width, where the rail is closed."""

from datetime import timedelta

import pytest

from desk.models import Agent
from tests.browser.pages import expect
from tests.desk.conftest import question
from tests.tickets.actions import ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def test_shortcut_sheet_is_complete_and_the_palette_finds_anything(desk, cast, ticket):
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.press("?")
    page.sees("Internal note", "#keys[open] [data-keys-here]")
    page.sees("Reports", "#keys[open] [data-keys-here]")
    page.look("sheet")
    page.press("Escape")
    page.page.locator("#keys").wait_for(state="hidden")

    page.press("Control+k")
    page.at("#palette-words")
    page.write("intern")
    page.sees("Internal note", "#palette-list [aria-selected=true]")
    page.look("palette")
    page.press("Enter")
    page.at("#composer-text")
    assert page.page.is_checked("[name=kind][value=note]")

    page.write("r ? g r x / e")
    assert page.page.input_value("#composer-text") == "r ? g r x / e" and page.page.is_hidden("#keys")
    page.press("Control+k")
    page.at("#palette-words")
    page.write("SN-OWNED")
    page.sees("Device", "#palette-list")
    page.press("Control+a")
    page.write("Nord")
    page.sees("Nord Telecom", "#palette-list")
    page.look("palette of partners")
    page.press("Control+a")
    page.write(f"#{ticket.pk}")
    page.sees(ticket.subject, "#palette-list [aria-selected=true]")
    page.press("Control+a")
    page.write("unassigned")
    page.sees("Unassigned", "#palette-list [aria-selected=true]")
    page.page.locator("#palette-list li").first.wait_for()
    page.press("Enter")
    page.arrives("view=unassigned")


def test_overlays_trap_the_focus_and_return_it(desk, cast, ticket):
    page = desk(cast.agent, "/desk/")
    row = "#queue .subject a"
    page.press("j", "?")
    page.at("#keys h2")
    expect(page.page.locator("#keys h2")).to_be_in_viewport()  # on a phone, too, where the buttons are far below
    for key, stop in (("Tab", "#keys a"), ("Tab", "#keys button"), ("Shift+Tab", "#keys a")):
        page.press(key)
        page.at(stop)
    page.page.locator(row).dispatch_event("click")  # outside it: closes it, and is not followed
    page.at(row)
    page.press("Control+k")
    page.at("#palette-words")
    page.press("Tab")
    page.at("#palette-words")
    page.press("Escape")
    page.at(row)
    assert page.page.locator("dialog[open]").count() == 0 and page.page.url.endswith("/desk/")


def test_palette_opens_above_a_dialog(desk, cast, ticket):
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.press("q")
    page.at("#ask textarea")
    page.press("Control+k")
    page.at("#palette-words")
    page.write("reports")
    page.sees("Reports", "#palette-list [aria-selected=true]")
    page.press("Escape")
    page.at("#ask textarea")


def test_key_sequences_go_to_places(desk, cast, ticket):
    page = desk(cast.agent)
    for keys, place in (("h", "/day/"), ("a", "/notices/"), ("gr", "/reports/"), ("gj", "/jobs/"), ("o", "/desk/$")):
        page.press(*keys)
        page.arrives(place)
        page.page.wait_for_load_state()
    page.press("/")
    page.at("[data-search]")
    page.look("search")
    page.write("jk?")
    assert page.page.input_value("[data-search]") == "jk?"
    page.press("Escape", "Escape")
    page.press("j", "Enter")
    page.arrives(f"/desk/{ticket.pk}/")


def test_shortcuts_can_be_switched_off(desk, cast):
    """WCAG 2.1.4: not even the slash."""
    Agent.objects.create(user=cast.lead, has_shortcuts=False)
    page = desk(cast.lead)
    page.press("/", "j", "?")
    assert page.page.evaluate("document.activeElement.matches('body, #main')")
    assert page.page.locator("#keys").is_hidden()


def test_without_shortcuts_a_skip_link_leads_to_the_decision_if_any(desk, cast, now, ticket):
    asked = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="The customer has closed this office.")
    Agent.objects.create(user=cast.lead, has_shortcuts=False)
    page = desk(cast.lead, f"/desk/{asked.pk}/")
    page.press("Tab", "Tab", "Enter")
    page.at("#decide")
    page.press("Tab")
    page.at("#decide .btn-primary")
    page.push("[popovertarget=reject]")
    page.choose("#reject select", "Not possible")
    page.fill("#reject textarea", "The number is not yours.")
    page.push("#reject .btn-danger")
    page.page.locator("#decide").wait_for(state="detached")
    page.open(page.page.url)
    page.press("Tab", "Tab")
    assert not page.page.evaluate("document.activeElement.matches('.skip')")


def test_tab_order_covers_the_whole_page_with_visible_focus(desk, cast, ticket, many):
    many(30)
    page = desk(cast.agent)
    assert page.walk() > 60
    page.press("j", "x")
    page.page.locator("#bulk-do").wait_for()
    page.walk()
    page.open(f"/desk/{ticket.pk}/")
    page.page.locator("#links").wait_for()
    assert page.walk() > 30
    page.press("j")
    page.open("/desk/reports/").walk()


def test_next_and_previous_ticket_cross_list_pages(desk, cast, many):
    numbers = sorted(many(27), reverse=True)
    page = desk(cast.agent, "/desk/?order=-number")
    page.press("k", "Enter")
    page.arrives(f"/desk/{numbers[0]}/")
    page.sees("1 / 25+", "[data-walk]")
    page.page.goto(page.page.url.replace(str(numbers[0]), str(numbers[24])))
    page.sees("25 / 25+", "[data-walk]")
    page.press("j")
    page.arrives(f"/desk/{numbers[25]}/")
    page.sees("26 / 27", "[data-walk]")
    page.press("j")
    page.arrives(f"/desk/{numbers[26]}/")
    page.sees("27 / 27", "[data-walk]")
    page.press("k")
    page.arrives(f"/desk/{numbers[25]}/")
    page.press("k")
    page.arrives(f"/desk/{numbers[24]}/")
    page.sees("25 / 25+", "[data-walk]")
    page.press("u")
    page.at(f"a[href='/desk/{numbers[24]}/']")


def test_ticket_walk_follows_the_list_and_stays_open_in_the_rail(desk, cast, now):
    ticket = question(cast, now - timedelta(minutes=1))
    other = question(cast, now, subject="A second question")
    page = desk(cast.agent, "/desk/?view=open")
    page.press("j", "Enter")
    page.arrives(f"/desk/{other.pk}/")
    page.sees("1 / 2", "[data-walk]")
    page.press("i")
    page.at("#composer-text")
    page.write("Half a note")
    page.sees("Draft saved", "#draft-state")
    page.look("the way through the list")
    page.to("[data-next]")
    page.press("j")
    page.arrives(f"/desk/{ticket.pk}/")
    page.sees("2 / 2", "[data-walk]")
    page.rail("A second question")
    page.arrives(f"/desk/{other.pk}/")
    page.press("r")
    page.write(", and more")
    assert page.page.input_value("#composer-text") == "Half a note, and more"
    assert page.page.locator("[data-tabs] [data-draft]:not([hidden])").count() == 1 and page.page.locator("[data-tabs] li").count() == 2
    page.to("[data-back]")
    page.press("u")
    page.arrives("/desk/.view=open$")
    page.at(f"a[href='/desk/{other.pk}/']")
    page.press("j")
    page.at(f"a[href='/desk/{ticket.pk}/']")
    if page.page.locator(".rail-toggle").is_visible():
        page.push(".rail-toggle")
    page.push(f"[data-tabs] [aria-label='Close #{ticket.pk}']")
    page.look("open tickets")
    assert page.page.locator("[data-tabs] li").all_inner_texts() == ["A second question"]
