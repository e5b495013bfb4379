"""Invoices and credit notes to take away: as CSV for programs and as PDF for paper (BIL-9)."""

from decimal import Decimal

from django.db.models import F, Sum
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from billing.models import CreditNote, Invoice
from billing.paper import printed
from partners import spreadsheets
from partners.gates import sign_in_required
from policies.models import PolicyValue

CENT = Decimal("0.01")
COLUMNS = ("document", "issued_on", "line", "description", "quantity", "unit_price", "amount", "currency")


@require_GET
@sign_in_required
def as_csv(request, number):
    """The lines of an invoice or a credit note as CSV; spreadsheets read no formula out of it."""
    found = _find(request.user, number)
    return spreadsheets.answer("csv", found.number, COLUMNS, _rows(found))


@require_GET
@sign_in_required
def as_pdf(request, number):
    """An invoice or a credit note on paper, with the issuer as it was on that day."""
    found = _find(request.user, number)
    content = printed(found, PolicyValue.objects.book(on=found.issued_on))
    return spreadsheets.as_download(HttpResponse(content, content_type="application/pdf"), f"{found.number}.pdf")


def documents_of(user, partner, *, latest):
    """The latest invoices and credit notes of a partner together, with their `total`, the newest first."""
    invoices = Invoice.objects.visible_to(user).of_partner(partner).annotate(total=Sum(F("lines__quantity") * F("lines__unit_price")))
    notes = CreditNote.objects.visible_to(user).of_partner(partner).select_related("invoice").annotate(total=Sum("lines__amount"))
    found = [*invoices.order_by("-issued_on", "number")[:latest], *notes.order_by("-issued_on", "-pk")[:latest]]
    return sorted(found, key=lambda document: document.issued_on, reverse=True)[:latest]


def _find(user, number):
    """The document of this number among those that the user may see. Raises Http404."""
    invoice = Invoice.objects.visible_to(user).select_related("partner").filter(number=number).first()
    found = invoice or CreditNote.objects.visible_to(user).select_related("invoice__partner").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _rows(document):
    currency = document.currency if isinstance(document, Invoice) else document.invoice.currency
    for line, description, quantity, price, amount in document.printed_lines():
        yield (document.number, document.issued_on, line, description, quantity, price, amount.quantize(CENT), currency)
