"""Moving a reseller: three parties, three links, no sign-in."""

import pytest

from tests.browser.pages import answer, pick, send
from tickets.models import Confirmation, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(visit, cast):
    """Send the request and its e-mails."""
    page = visit(cast.nora)
    page.goto("/portal/requests/new/reseller_transfer/")
    pick(page, "Kiel IT")
    page.fill("[name=new_partner]", "sud")
    page.fill("[name=description]", "Our reseller wants to work with the other partner from now on.")
    answer(page, "Needs review")
    send(page, "Submit request")
    return page


@pytest.fixture
def links(page, mailed_link):
    """Return the parties' links, in the order reseller, partner, new partner."""
    return [mailed_link(confirmation.email) for confirmation in Confirmation.objects.order_by("pk")]


def decide(page, decision, name, reason=""):
    """Decide on the open page of a link; it becomes the thank-you page."""
    page.fill("[name=name]", name)
    page.fill("[name=reason]", reason)
    page.click(f"button[value={decision}]")
    page.wait_for_url("**/confirm/done/*")


@pytest.mark.thorough
def test_all_three_parties_agree_and_the_reseller_moves(page, links, cast, visit, carry_out):
    assert len(set(links)) == 3
    readers = [visit() for _link in links]
    for reader, link in zip(readers, links, strict=True):
        reader.goto(link)
        reader.reload()
        assert "What would change" in reader.inner_text("main")
    assert not Confirmation.objects.exclude(decision="").exists()
    for reader, name in zip(readers, ("Rita Reseller", "Nora Nord", "Sara Sud"), strict=True):
        decide(reader, "agree", name)
        assert "Your agreement has been recorded" in reader.inner_text("main")
    assert readers[0].goto(links[0]).status == 404
    assert "This link no longer works" in readers[0].inner_text("h1")
    desk = carry_out(Ticket.objects.get())
    assert "Done" in desk.inner_text(".ticket-head")
    page.reload()
    assert "New partner agreed (Sara Sud)" in page.inner_text("#timeline")
    cast.north_reseller.refresh_from_db()
    assert cast.north_reseller.partner == cast.sud


@pytest.mark.thorough
def test_new_partner_sees_its_price_and_declines(page, cast, visit, mailed_link):
    party = Confirmation.objects.get(party="new_partner")
    reader = visit()
    reader.goto(mailed_link(party.email))
    assert reader.inner_text("button[value=agree]").strip() == "Agree and accept 100 EUR"
    reader.click("button[value=decline]")
    assert "Please correct these fields" in reader.inner_text("main")
    decide(reader, "decline", "Sara Sud", "We have no people for it.")
    desk = visit(cast.agent)
    desk.goto(f"/desk/{party.ticket_id}/")
    assert "We have no people for it." in desk.inner_text(".ticket-body")
    assert desk.locator(".actions .btn-primary").is_disabled()
    desk.click(".actions [popovertarget=reject]")
    desk.select_option("#reject-reason", "declined")
    desk.fill("#reject-text", "The new partner does not want to take over.")
    desk.click("#reject .btn-danger")
    desk.locator(".ticket-head .chip", has_text="Rejected").wait_for()
    page.reload()
    assert "A party declined" in page.inner_text("main .notice")
    assert "What it costs" not in page.inner_text("main")
