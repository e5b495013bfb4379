"""Invoices and credit notes to take away: as a table for programs and as PDF for paper (BIL-9)."""

from dataclasses import replace

from django.db.models import F, Sum
from django.db.models.functions import Round
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from billing.models import CreditNote, Invoice
from billing.paper import printed
from partners.gates import sign_in_required
from policies.models import PolicyValue
from web import spreadsheets
from web.paging import keyset

A_PAGE = 12
COLUMNS = ("document", "issued_on", "line", "description", "quantity", "unit_price", "amount", "currency", "invoice")


@require_safe
@sign_in_required
def as_table(request, number, kind):
    """The lines of an invoice or a credit note as CSV or XLSX; spreadsheets read no formula out of it."""
    found = _find(request.user, number)
    return spreadsheets.answer(kind, found.number, COLUMNS, _rows(found))


@require_safe
@sign_in_required
def as_pdf(request, number):
    """An invoice or a credit note on paper, with the issuer as it was on that day."""
    found = _find(request.user, number)
    content = printed(found, PolicyValue.objects.book(on=found.issued_on))
    return spreadsheets.as_download(HttpResponse(content, content_type="application/pdf"), f"{found.number}.pdf")


def documents_of(request, partner):
    """A Page of the invoices and credit notes of a partner together, with their `total`, the newest first. Three queries."""
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
    """The document of this number among those that the user may see. Raises Http404."""
    invoice = Invoice.objects.visible_to(user).select_related("partner").filter(number=number).first()
    found = invoice or CreditNote.objects.visible_to(user).select_related("invoice__partner").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _rows(document):
    """A credit note's name the invoice, too, whose lines they are about."""
    invoice = document if isinstance(document, Invoice) else document.invoice
    for line, description, quantity, price, amount in document.printed_lines():
        yield (document.number, document.issued_on, line, description, quantity, price, amount, invoice.currency, invoice.number)
