"""Downloads of invoices and credit notes: as a table for programs and as PDF (BIL-9)."""

from dataclasses import replace

from django.db.models import F, Sum
from django.db.models.functions import Round
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from billing.models import CreditNote, Invoice
from billing.pdf import render
from partners.gates import sign_in_required
from policies.models import PolicyValue
from web import spreadsheets
from web.paging import keyset

A_PAGE = 12
COLUMNS = ("document", "issued_on", "line", "description", "quantity", "unit_price", "amount", "currency", "invoice")


@require_safe
@sign_in_required
def as_table(request, number, kind):
    """Download the lines of an invoice or credit note as CSV or XLSX, safe against formula injection."""
    found = _find(request.user, number)
    return spreadsheets.answer(kind, found.number, COLUMNS, _rows(found))


@require_safe
@sign_in_required
def as_pdf(request, number):
    """Download an invoice or credit note as PDF, with the issuer's details as of its date."""
    found = _find(request.user, number)
    content = render(found, PolicyValue.objects.book(on=found.issued_on))
    return spreadsheets.as_download(HttpResponse(content, content_type="application/pdf"), f"{found.number}.pdf")


def documents_of(request, partner):
    """Return a Page of a partner's invoices and credit notes combined, with their `total`, newest first. Three queries."""
    invoices = Invoice.objects.visible_to(request.user).of_partner(partner)
    notes = CreditNote.objects.visible_to(request.user).of_partner(partner)
    places, *others = (each.values_list("issued_on", "number", named=True) for each in (invoices, notes))
    page = keyset(places, ("-issued_on", "-number"), request, size=A_PAGE, others=others, name="documents_")
    numbers = [row.number for row in page.rows]
    invoices = invoices.filter(number__in=numbers).annotate(total=Sum(Round(F("lines__quantity") * F("lines__unit_price"), 2)))
    notes = notes.filter(number__in=numbers).select_related("invoice").annotate(total=Sum("lines__amount"))
    found = {document.number: document for document in (*invoices, *notes)}
    return replace(page, rows=[found[number] for number in numbers])


def _find(user, number):
    """Return the document with this number if the user may see it. Raise Http404 otherwise."""
    invoice = Invoice.objects.visible_to(user).select_related("partner").filter(number=number).first()
    found = invoice or CreditNote.objects.visible_to(user).select_related("invoice__partner").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _rows(document):
    """Yield the rows of a document; those of a credit note also name the invoice they credit."""
    invoice = document if isinstance(document, Invoice) else document.invoice
    for line, description, quantity, price, amount in document.printed_lines():
        yield (document.number, document.issued_on, line, description, quantity, price, amount, invoice.currency, invoice.number)
