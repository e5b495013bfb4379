"""A dispute: the lines follow the selected invoice, and keep the input."""

import pytest

from billing.models import Invoice, InvoiceLine
from tests.browser.pages import expect, pick

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.thorough
def test_lines_follow_the_chosen_invoice_and_are_ticked_in_place(visit, cast):
    for number, what, price in (("INV-1", "Licences", 50), ("INV-2", "Calls", 8)):
        invoice = Invoice.objects.create(number=number, partner=cast.nord, issued_on=cast.today, currency="EUR")
        InvoiceLine.objects.create(invoice=invoice, line=1, description=what, quantity=1, unit_price=price)
    page = visit(cast.nora)
    page.goto("/portal/requests/new/credit_note_request/")
    lines = page.locator("#id_lines_field")
    pick(page, "INV-1")
    expect(lines).to_contain_text("1. Licences")
    expect(page.locator("[name=lines-0-amount]")).to_be_hidden()
    page.check("[name=lines-0-line]")
    page.fill("[name=lines-0-amount]", "20")
    expect(page.locator("#answer")).to_contain_text("Credit for line 1 of INV-1")
    assert page.input_value("[name=lines-0-amount]") == "20", "what is being typed is not exchanged"
    pick(page, "INV-2")
    expect(lines).to_contain_text("1. Calls")
    expect(page.locator("[name=lines-0-line]")).not_to_be_checked()
    expect(page.locator("#answer")).not_to_contain_text("Credit for line")


@pytest.mark.thorough
def test_unsent_ticked_lines_are_restored(visit, cast):
    invoice = Invoice.objects.create(number="INV-1", partner=cast.nord, issued_on=cast.today, currency="EUR")
    for line in (1, 2):
        InvoiceLine.objects.create(invoice=invoice, line=line, description="Licences", quantity=1, unit_price=50)
    page = visit(cast.nora)
    page.goto("/portal/requests/new/credit_note_request/")
    pick(page, "INV-1")
    page.check("[name=lines-1-line]")
    page.fill("[name=lines-1-amount]", "20")
    expect(page.locator("#answer")).to_contain_text("Credit for line 2 of INV-1")
    page.goto("/portal/")
    page.goto("/portal/requests/new/credit_note_request/")
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("[name=invoice][value='INV-1']")).to_be_checked()
    expect(page.locator("#answer")).to_contain_text("Credit for line 2 of INV-1")
    expect(page.locator("[name=lines-1-line]")).to_be_checked()
    assert page.input_value("[name=lines-1-amount]") == "20" and not page.is_checked("[name=lines-0-line]")
