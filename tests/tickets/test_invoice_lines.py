"""The lines of a disputed invoice are ticked where they are listed: they follow the selected invoice, without scripts by a button."""

import re
from datetime import timedelta

import pytest

from billing.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from tests.markup import flat
from tickets.models import Ticket

FORM = "/portal/requests/new/credit_note_request/"
WHY = "We were charged for four licences that we had given back."


@pytest.fixture
def portal(client, cast):
    """Nora's client; INV-1 has two lines, the second of which has been credited, and INV-2 has one."""
    for number, lines in (("INV-1", ("Licences", "Calls")), ("INV-2", ("Support",))):
        invoice = Invoice.objects.create(number=number, partner=cast.nord, issued_on=cast.today - timedelta(days=3), currency="EUR")
        for at, what in enumerate(lines, 1):
            InvoiceLine.objects.create(invoice=invoice, line=at, description=what, quantity=10, unit_price=at * 5)
    first = Invoice.objects.get(number="INV-1")
    note = CreditNote.objects.create(number="CN-1", invoice=first, issued_on=cast.today, source="test")
    CreditNoteLine.objects.create(credit_note=note, invoice_line=first.lines.get(line=2), amount=100)
    client.force_login(cast.nora)
    return client


def listed(page):
    """Return {line: (whether it can be ticked, whether it is ticked, its amount)} of the lines that a page lists."""
    found = re.findall(r'name="(lines-\d+)-line" value="(\d+)"([^>]*)>', flat(page))
    amounts = dict(re.findall(r'name="(lines-\d+)-amount" value="([^"]*)"', flat(page)))
    return {line: ("disabled" not in rest, "checked" in rest, amounts.get(prefix)) for prefix, line, rest in found}


def sent(invoice, of=None, **rows):
    return {"invoice": invoice, "lines-of": of or invoice, "justification": WHY, **{name.replace("_", "-"): v for name, v in rows.items()}}


def test_lines_are_listed_with_their_remaining_amounts(portal):
    assert listed(portal.get(FORM)) == {} and "Choose an invoice first" in portal.get(FORM).text
    assert listed(portal.get(f"{FORM}?invoice=INV-1")) == {"1": (True, False, "50.00"), "2": (False, False, "0.00")}
    assert listed(portal.get(f"{FORM}?invoice=INV-1&lines-0-line=1"))["1"] == (True, True, "50.00")


def test_only_ticked_lines_are_disputed(portal):
    portal.post(FORM, sent("INV-1", lines_0_line="1", lines_0_amount="20", lines_1_amount="3", accepted_charges="100.00"))
    assert Ticket.objects.get().answers["lines"] == [{"line": 1, "amount": "20"}]
    page = portal.post(FORM, sent("INV-1", lines_0_line="1", lines_0_amount="", accepted_charges="100.00"))
    assert page.status_code == 400 and "Line 1 · Amount to credit: This field is required." in page.text and listed(page)["1"][1]


def test_lines_of_another_invoice_are_ignored_and_the_right_ones_listed(portal):
    page = portal.post(FORM, sent("INV-2", "INV-1", lines_0_line="1", lines_0_amount="20", accepted_charges="100.00"))
    assert page.status_code == 400 and "Tick at least one line of the invoice." in page.text
    assert listed(page) == {"1": (True, False, "50.00")} and "1. Support" in page.text and not Ticket.objects.exists()


def test_button_lists_lines_without_scripts_and_keeps_typed_text(portal):
    page = portal.post(FORM, sent("INV-1", "INV-2") | {"look": "1"})
    assert page.status_code == 200 and list(listed(page)) == ["1", "2"] and WHY in page.text
    assert "errorlist" not in page.text and not Ticket.objects.exists()


def test_scripts_load_lines_on_invoice_change_and_keep_filled_ones(portal):
    assert 'id="id_lines_field" hx-swap-oob="true"' in flat(portal.post(f"{FORM}check/", sent("INV-2", "INV-1")))
    same = portal.post(f"{FORM}check/", sent("INV-1", lines_0_line="1", lines_0_amount="20"))
    assert "id_lines_field" not in same.text and "Credit for line 1" in same.text


def test_other_partners_invoice_lines_are_not_listed(portal, cast):
    Invoice.objects.filter(number="INV-2").update(partner=cast.sud)
    assert listed(portal.get(f"{FORM}?invoice=INV-2")) == {} and "1. Support" not in portal.get(f"{FORM}?invoice=INV-2").text
    assert portal.get(f"{FORM}?invoice=%00").status_code == 200


def test_dispute_pages_show_what_its_lines_are_about(portal, cast):
    portal.post(FORM, sent("INV-1", lines_0_line="1", lines_0_amount="20", accepted_charges="100.00"))
    number = Ticket.objects.get().pk
    page = portal.get(f"/portal/requests/{number}/").text
    assert "1. Licences" in page and ">20.00 EUR</span></td>" in page
    portal.force_login(cast.agent)
    page = portal.get(f"/desk/{number}/").text
    assert "1. Licences" in page.partition('id="ticket-data"')[2] and "2. Calls" not in page
