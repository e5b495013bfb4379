"""Invoices of a case."""

from decimal import Decimal

from billing.models import CreditNoteLine, Invoice, InvoiceLine
from tests.cases.facts.base import fetched


def a_line(line=1, description="Licences", quantity=10, unit_price=5, credited=()):
    """Return an invoice line of which the amounts `credited` have already been credited."""
    row = InvoiceLine(line=line, description=description, quantity=Decimal(quantity), unit_price=Decimal(str(unit_price)))
    return fetched(row, credits=[CreditNoteLine(amount=Decimal(str(amount))) for amount in credited])


def an_invoice(number="INV1", currency="EUR", lines=({},), **fields):
    return fetched(Invoice(number=number, currency=currency, **fields), lines=[a_line(**line) for line in lines])


READ = {
    "invoice": lambda asked, case, partner, pbx: an_invoice(**case.get("invoice", {})),
    "lines": lambda asked, case, partner, pbx: [{"line": row["line"], "amount": Decimal(str(row["amount"]))} for row in asked],
}
