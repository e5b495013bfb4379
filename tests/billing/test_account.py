"""The account page, for the partner and at the desk: who owes, what each entry is about, how long an invoice can be disputed (BIL-1)."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.models import CreditNote, Invoice
from tests.billing.test_balance import charge
from tests.tickets.actions import ask

pytestmark = pytest.mark.usefixtures("that_day")


@pytest.fixture
def shown(cast, sign_in):
    """shown(user) returns the context of Nord's account page for this reader."""

    def see(user):
        address = reverse("desk:account", args=[cast.nord.code]) if user.is_care else reverse("portal:account")
        return sign_in(user).get(address).context

    return see


def test_balance_says_who_owes_it(cast, now, shown):
    def said(user):
        return [(stat["value"], stat["note"]) for stat in shown(user)["stats"]]

    assert said(cast.nora) == said(cast.agent) == [("0.00 EUR", "")]
    charge(cast.nord, "ticket:1", "0.01", now)
    charge(cast.nord, "ticket:2", "-80", now, currency="USD")
    assert said(cast.nora) == [("0.01 EUR", "owed by you"), ("80.00 USD", "in your favour")]
    assert said(cast.agent) == [("0.01 EUR", "owed by Nord Telecom"), ("80.00 USD", "in favour of Nord Telecom")]


def test_entry_names_its_request_and_links_to_it(cast, now, shown):
    number = ask(cast.nora, "general_question", now, topic="Billing", subject="Two lines", message="Please explain both lines.").pk
    charge(cast.nord, f"ticket:{number}", "50", now, title=f"Two lines (#{number})")
    earlier = now - datetime.timedelta(days=1)
    charge(cast.nord, "bonus:NORD", "-0.50", earlier, title="Bonus increase", currency="USD", kind="credit_note")
    for user, address in ((cast.nora, f"/portal/requests/{number}/"), (cast.agent, f"/desk/{number}/")):
        asked, bonus = shown(user)["entries"]
        assert (asked["title"], asked["source_label"], asked["source_url"]) == ("Two lines", f"Request #{number}", address)
        assert (asked["on"], asked["amount"], asked["currency"], asked["credit"]) == (now, 50, "EUR", False)
        assert (bonus["title"], bonus["source_label"], bonus["source_url"]) == ("Bonus increase", "credit note", "")
        assert (bonus["on"], bonus["amount"], bonus["currency"], bonus["credit"]) == (earlier, Decimal("0.50"), "USD", True)


def test_invoice_can_be_disputed_up_to_its_last_day_by_the_partner(cast, today, shown):
    a_year_ago = today.replace(year=today.year - 1)
    for days, number in ((0, "LAST-DAY"), (1, "TOO-LATE")):
        issued_on = a_year_ago - datetime.timedelta(days=days)
        Invoice.objects.create(number=number, partner=cast.nord, issued_on=issued_on, currency="USD")
    CreditNote.objects.create(number="CN-1", invoice=Invoice.objects.get(number="TOO-LATE"), issued_on=today, source="ticket:1")
    for user, address in ((cast.nora, "/portal/requests/new/credit_note_request/?invoice=LAST-DAY"), (cast.agent, "")):
        note, last_day, too_late = shown(user)["invoices"]
        assert (last_day["kind"], last_day["about"], last_day["amount"], last_day["currency"]) == ("invoice", "", 0, "USD")
        assert (last_day["dispute_until"], last_day["dispute_url"], "dispute_over" in last_day) == (today, address, False)
        assert (too_late["dispute_until"], too_late["dispute_over"]) == (today - datetime.timedelta(days=1), True)
        assert "dispute_url" not in too_late and "dispute_until" not in note
        assert (note["kind"], note["about"], note["amount"], note["currency"]) == ("credit_note", "TOO-LATE", 0, "USD")
        assert note["pdf_url"] == "/documents/CN-1.pdf"
