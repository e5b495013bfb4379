"""What every request form must withstand: mistakes, haste, no mouse, no script."""

import re
from datetime import timedelta

import pytest

from hwaas.models import Device
from pbx.models import Licence
from policies.days import add_business_days
from policies.models import PolicyValue
from tests.browser.pages import NUMBERED, SEND, answer, expect, pick, send, settle, tab_to
from tests.cast import make_did
from tests.tickets.actions import ask
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)
IN_SIGHT = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return document.activeElement.contains(document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2));
}"""


@pytest.mark.thorough
def test_double_click_creates_one_ticket(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/did_cancel/")
    pick(page, "+49 89 81000400")
    answer(page, "Allowed")
    page.dblclick(SEND)
    page.wait_for_url(NUMBERED)
    assert Ticket.objects.count() == 1
    sent = page.url
    page.go_back()
    page.get_by_role("link", name="View the request").click()
    page.wait_for_url(sent)


@pytest.mark.thorough
def test_refused_form_stays_unsent_after_viewing_another_request(visit, cast, now):
    earlier = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    page = visit(cast.nora)
    page.goto(f"/portal/requests/new/did_cancel/?dids=%2B{cast.did.number[1:]}")
    page.fill("[name=reason]", "Der Kunde hat sein Büro in dieser Stadt geschlossen und braucht die Nummer nicht mehr.")
    page.evaluate("document.querySelector('form[data-guard]').requestSubmit()")
    page.get_by_text("Nothing was sent").wait_for()
    page.locator(f"#answer a[href='/portal/requests/{earlier.pk}/']").click()
    page.wait_for_url(NUMBERED)
    page.go_back()
    page.locator("[data-sent]").wait_for(state="attached")
    assert page.locator("[data-sent]").is_hidden() and page.input_value("[name=reason]").startswith("Der Kunde")


@pytest.mark.thorough
def test_field_appears_when_it_becomes_relevant(visit, cast, now):
    window = "00:00–01:00" if now.hour >= 12 else "22:00–24:00"  # this test also runs on last evenings of months (LIC-3)
    PolicyValue.objects.create(code="amend.blackout", valid_from=now - timedelta(days=2), value=window, note="A test.", set_by=cast.admin)
    Licence.objects.create(pbx=cast.pbx, licence_type="wizywebinar", quantity=2, monthly_price="3.00")
    page = visit(cast.nora)
    page.goto("/portal/requests/new/licence_change/")
    confirmed = page.locator("[name=access_terminated]")
    expect(confirmed).to_be_hidden()
    pick(page, "PBX-FREE")
    page.select_option("[name=changes-0-licence_type]", "wizywebinar")
    page.fill("[name=changes-0-quantity]", "1")
    expect(confirmed).to_be_visible()
    answer(page, "Not possible")
    confirmed.check()
    answer(page, "Allowed")


@pytest.mark.thorough
def test_open_article_stays_open_while_other_words_are_typed(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/general_question/")
    said = "[name=message]"
    page.fill(said, "How do I pay my invoice?")
    invoice = page.locator("#offer-paying-invoices")
    invoice.wait_for()
    with page.expect_response("**/check/"):
        page.fill(said, "How do I pay my invoice? And calls are marked as spam.")
        invoice.locator("summary").hover()
        page.mouse.down()
    settle(page)
    page.mouse.up()
    assert invoice.locator(".stack").is_visible()
    page.fill(said, "Calls are marked as spam.")
    page.locator("#offer-spam-marks").wait_for()
    assert invoice.locator(".stack").is_visible()
    invoice.locator("summary").click()
    page.fill(said, "My porting date was moved.")
    invoice.wait_for(state="detached")


@pytest.mark.thorough
def test_verdict_is_announced_once_and_kept_while_unchanged(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/did_cancel/")
    pick(page, "+49 89 81000400")
    told = page.locator("#announce", has_text="Allowed. You can submit it free of charge. Submit request.")
    told.wait_for(state="attached")
    page.evaluate("""() => {
        document.querySelector("#verdict").stays = true;
        window.told = [];
        new MutationObserver(() => told.push(document.querySelector("#announce").textContent)).observe(
            document.querySelector("#announce"), {childList: true});
    }""")
    with page.expect_response("**/check/"):
        page.fill("[name=reason]", "The customer has closed this office.")
    page.fill("[name=message]", "Wir schließen das Büro in dieser Stadt und brauchen diese Nummern nicht mehr.")
    page.locator("#announce", has_text="Not possible as requested.").wait_for(state="attached")
    assert not page.evaluate("document.querySelector('#verdict').stays")
    assert [text for text in page.evaluate("told") if text and "article" not in text] == [page.text_content("#announce")]


@pytest.mark.thorough
def test_click_overtaken_by_the_response_still_counts(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/did_cancel/")
    pick(page, "+49 89 81000400")
    page.fill("[name=reason]", "The customer has closed this office.")
    settle(page)
    page.keyboard.type(" For good.")
    settle(page)
    page.locator(SEND).hover()
    with page.expect_response("**/check/"):
        page.mouse.down()
    settle(page)
    page.mouse.up()
    page.wait_for_url(NUMBERED)
    assert Ticket.objects.get().answers["reason"] == "The customer has closed this office. For good."


@pytest.mark.thorough
def test_input_is_kept_after_an_error(visit, cast, tmp_path):
    Device.objects.filter(serial="SN-OWNED").update(ordered_on=cast.today - timedelta(days=800))  # so that its document counts
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    page = visit(cast.nora)
    page.goto("/portal/requests/new/rma/")
    pick(page, "SN-OWNED")
    page.check("[name=kind][value=warranty]")
    page.check("[name=replacement][value=refurbished]")
    page.fill("[name=fault]", "Dead on arrival.")
    page.locator("#offers summary", has_text="When a new device does not work").click()
    page.fill("[name=fault]", "Dead on arrival.\nIt never rang.")
    page.check("[name=warranty_document]")
    page.fill("[name=message]", 'Quotes " and <b>brackets</b> & ampersands stay as they are.')
    page.set_input_files("[name=attachments]", tmp_path / "photo.png")
    answer(page, "Needs review")
    settle(page)
    assert page.inner_text("#offers h2") == "This may help" and page.locator("#offers details[open]").count() == 1
    page.click(SEND)
    page.wait_for_selector(".error-summary:focus")
    assert "Delivery address" in page.inner_text(".error-summary")
    assert page.locator(".field-invalid").count() == 1
    assert "Choose your files again" in page.inner_text("main")
    assert page.locator("label", has_text="SN-OWNED").locator("input").is_checked()
    assert page.is_checked("[name=kind][value=warranty]") and page.is_checked("[name=replacement][value=refurbished]")
    assert page.is_checked("[name=warranty_document]")
    assert page.input_value("[name=fault]") == "Dead on arrival.\nIt never rang."
    assert page.input_value("[name=message]") == 'Quotes " and <b>brackets</b> & ampersands stay as they are.'
    page.click(".error-summary a")
    page.fill("[name=delivery_address]", "Marktplatz 1, Kiel")
    (tmp_path / "wrong.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    page.set_input_files("[name=attachments]", [tmp_path / "wrong.png", tmp_path / "photo.png"])
    page.click("[aria-label='Remove wrong.png']")
    page.wait_for_selector("[aria-label='Remove photo.png']:focus")
    send(page, "Submit and accept 34 EUR")
    assert "photo.png" in page.inner_text("main") and "wrong.png" not in page.inner_text("main")


@pytest.mark.thorough
def test_forbidden_file_type_is_reported_at_the_file(visit, cast, tmp_path):
    (tmp_path / "program.exe").write_bytes(b"MZ" + b"0" * 100)
    page = visit(cast.nora)
    page.goto("/portal/requests/new/did_cancel/")
    pick(page, "+49 89 81000400")
    page.set_input_files("[name=attachments]", tmp_path / "program.exe")
    page.click(SEND)
    page.locator("form .error:focus", has_text="program.exe").wait_for()
    assert page.locator("[aria-label='Remove program.exe']").count() == 1, "it was not sent, so nothing is to be chosen again"
    assert page.locator(".picker-list label", has_text="+49 89 81000400").locator("input").is_checked()


PASTE = """(text, words) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["picture"], "image.png", {type: "image/png"}));
    if (words) clipboardData.setData("text/plain", words);
    return text.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""


@pytest.mark.thorough
def test_screenshot_is_pasted_but_cells_with_a_picture_stay_text(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/general_question/")
    message = page.locator("main textarea").first
    assert message.evaluate(PASTE, "12\t50.00"), "the browser pastes the words"
    assert not message.evaluate(PASTE, "")
    assert [name.startswith("screenshot-") for name in page.locator(".chosen-files .file").all_inner_texts()] == [True]


@pytest.mark.thorough
def test_search_finds_unlisted_items_and_keeps_the_selection(visit, cast):
    for n in range(70):
        make_did(f"+4989840{n:05}", cast.pbx, activated_on="2020-01-01")
    make_did("+49898500XX", cast.pbx)
    page = visit(cast.nora)
    page.goto("/portal/requests/new/did_cancel/")
    search, chosen = page.locator("[data-picker-filter]"), page.locator("[data-untick]")
    for typed, found in (("089 84000069", "+49 89 84000069"), ("+49 89 850042", "+49 89 8500XX"), ("089 84000001", "+49 89 84000001")):
        search.fill(typed)
        pick(page, found)
    assert sorted(chosen.all_inner_texts()) == ["+49 89 84000001", "+49 89 84000069", "+49 89 8500XX"]
    told = page.locator("[data-found]")
    expect(told).to_have_text("1 found")
    search.fill("nothing is called so")
    page.get_by_text("No matches").locator("visible=true").wait_for()
    expect(told).to_contain_text("No matches")
    chosen.get_by_text("8500XX").click()
    answer(page, "Allowed")
    number = send(page, "Submit request")
    assert sorted(Ticket.objects.get(pk=number).answers["dids"]) == ["+498984000001", "+498984000069"]


@pytest.mark.thorough
def test_request_is_submitted_by_keyboard_alone(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/")
    tab_to(page, ".bar a.btn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/requests/new/")
    tab_to(page, ".type-link")
    page.keyboard.press("Enter")
    page.wait_for_url("**/did_cancel/")
    tab_to(page, "[data-picker-filter]")
    page.keyboard.type("89 81000400")
    page.keyboard.press("Enter")
    tab_to(page, "[name=dids]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.name") == "dids"
    page.set_viewport_size({"width": 320, "height": 256})  # a window of 1280 px, zoomed to 400 %
    tab_to(page, "[name=reason]", at_most=3)  # a button removes the chosen number, a link asks for an exception; the rows are one stop
    assert page.evaluate(IN_SIGHT), "what sticks hides the field"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.keyboard.type("The customer has closed this office.")
    answer(page, "Allowed")
    tab_to(page, SEND)
    page.keyboard.press("Enter")
    page.wait_for_url(NUMBERED)
    assert Ticket.objects.get().answers["dids"] == [cast.did.number]


@pytest.mark.thorough
def test_without_javascript_the_price_is_accepted_in_a_second_step(visit, cast, today):
    page = visit(cast.nora, java_script_enabled=False)
    page.goto("/portal/requests/new/porting_date_change/")
    pick(page, "+49 89 81000403")
    page.fill("[name=requested_date]", add_business_days(today + timedelta(days=40), 1, "DE").isoformat())
    page.check("[name=acknowledge_not_guaranteed]")
    page.click(SEND)
    page.wait_for_selector("main :text('This request has a price')")
    assert not Ticket.objects.exists()
    number = send(page, "Submit and accept 50 EUR")
    assert Ticket.objects.get().pk == number


@pytest.mark.thorough
def test_reason_for_an_unavailable_row_is_reachable_by_keyboard(visit, cast, today):
    page = visit(cast.nora)
    page.goto("/portal/requests/new/did_cancel/")
    refused = page.locator("[data-row]", has_text="+49 89 81000401")
    page.focus("[data-picker-filter]")
    page.keyboard.type("81000401")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("[data-row] input[aria-disabled=true]:focus")
    named = refused.get_by_role("checkbox", name=re.compile("must be kept for at least"))
    expect(named).to_be_focused()
    page.keyboard.press("Space")
    refused.click()
    assert not named.is_checked() and page.inner_text("[data-chosen]") == "0"

    make_did("+498981000777", cast.pbx, kind="ported", status="ordered", porting_date=today + timedelta(days=30))
    page.goto("/portal/requests/new/porting_date_change/")
    page.focus("[data-picker-filter]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    possible = page.get_by_role("radio", name="+49 89 81000403")
    expect(possible).to_be_checked()
    page.keyboard.press("End")
    page.wait_for_selector("[data-row] input[aria-disabled=true]:focus")
    page.keyboard.press("Space")
    expect(possible).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(possible).to_be_focused()
