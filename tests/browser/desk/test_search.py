"""The search by keyboard: exact names come first, then words anywhere, with the filters on."""

import pytest

from billing.models import Invoice
from hwaas.models import Order
from tests.every_url.scene import text_file
from tests.tickets.actions import ask
from tickets.services import conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


@pytest.fixture
def ticket(cast, now):
    """A cancellation of a whole range, with messages, a note and a file."""
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.range.number], reason="They closed this office.")
    conversation.reply(ticket.pk, "Our juggler needs it on Friday.", author=cast.nora, at=now, files=[text_file("floor_plan-kiel.txt")])
    conversation.note(ticket.pk, "Sounds like a hippopotamus.", author=cast.agent, at=now)
    return ticket


def search(page, text, key="/"):
    """Type this into the search box of the desk, over its content, and press Enter."""
    page.press(key)
    page.at("[data-search]")
    page.press("Control+a")
    page.write(text)
    page.press("Enter")


def test_number_opens_its_ticket_and_the_palette_searches_mentions(desk, cast, ticket):
    page = desk(cast.agent)
    search(page, f"#{ticket.pk}")
    page.arrives(rf"/desk/{ticket.pk}/")
    page.press("Control+k")
    page.at("#palette-words")
    page.write(str(ticket.pk))
    page.sees("Search all tickets", "#palette-list li:last-child")
    page.look("palette of a number")
    others = page.page.locator("#palette-list li").count() - 1  # its number may be part of a phone number
    page.press(*["ArrowDown"] * others, "Enter")
    page.arrives(f"q={ticket.pk}&view=all")
    page.sees(ticket.subject, ".hits")


def test_search_shows_exact_names_first_then_words_with_places(desk, cast, now, ticket):
    Invoice.objects.create(number="INV-NORD-1", partner=cast.nord, issued_on=now.date(), currency="EUR")
    Order.objects.create(number="ORD-NORD-1", partner=cast.nord, country="DE", placed_on=now.date())
    page = desk(cast.agent)
    named = {"498981000507": "includes +49 89 81000507", "089 81000507": "includes +49 89 81000507", "sn-owned": "SN-OWNED"}
    named |= {"nora@nord.example": "Nora Nord", "inv-nord-1": "INV-NORD-1", "ord-nord-1": "ORD-NORD-1"}
    for written, found in named.items():
        search(page, written)
        page.sees(found, ".hits")
        if written in ("498981000507", "nora@nord.example"):
            page.look(f"exactly {written[:4]}")
    for word in ("juggler", "hippopotamus", "floor"):
        search(page, word, key="s")
        page.sees(word, "#queue mark")
    page.look("words")
    page.push("text=Add filter")
    page.fill("#panel [name=partner]", "Sud")
    page.push("#panel button:has-text('Apply')")
    page.sees("No results")
    page.look("nothing")
    page.push(".filters a:has-text('Partner')")
    page.arrives("q=floor(?!.*partner)")
    page.press("j", "Enter")
    page.arrives(rf"/desk/{ticket.pk}/")
