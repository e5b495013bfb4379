"""A partner's account: what was posted, its invoices and credit notes."""

import csv
from urllib.parse import urlencode

from django.db.models import F, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from billing.models import CreditNote, Invoice, LedgerEntry
from partners.gates import contact_required
from partners.paging import keyset
from partners.spreadsheets import cell
from policies.days import after
from policies.models import PolicyValue

DOCUMENTS = 12


@require_GET
@contact_required
def account(request):
    """The balance of what Careline posted, every entry with its cause, and the latest invoices and credit notes (disputes: BIL-1)."""
    partner, book = request.user.partner, PolicyValue.objects.book(on=timezone.now().date())
    entries = LedgerEntry.objects.visible_to(request.user)
    page = keyset(entries, ("-created_at", "-id"), request)
    balance = entries.balance()
    context = {
        "stats": [
            {
                "label": _("Balance of fees and credits"),
                "value": f"{balance:.2f} {partner.currency}",
                "url": "#entries",
                "note": _("owed by you") if balance > 0 else "",
            }
        ],
        "entries": [_entry(entry) for entry in page.rows],
        "invoices": _documents(request.user, book),
        "payment": _payment(partner, book),
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "portal/account.html", context)


def _entry(entry):
    number = entry.ticket_number
    return {
        "on": entry.created_at,
        "title": entry.title,
        "source_label": _("Request #%(number)s") % {"number": number} if number else entry.source,
        "source_url": reverse("portal:request", args=[number]) if number else "",
        "amount": abs(entry.amount),
        "currency": entry.currency,
        "credit": entry.amount < 0,
    }


def _documents(user, book):
    """The latest invoices and credit notes together, the newest first."""
    invoices = Invoice.objects.visible_to(user).annotate(total=Sum(F("lines__quantity") * F("lines__unit_price")))
    notes = CreditNote.objects.visible_to(user).select_related("invoice").annotate(total=Sum("lines__amount"))
    rows = [_invoice(invoice, book) for invoice in invoices.order_by("-issued_on", "number")[:DOCUMENTS]]
    rows += [_document(note, note.invoice.currency, "credit_note") for note in notes.order_by("-issued_on", "-pk")[:DOCUMENTS]]
    return sorted(rows, key=lambda row: row["on"], reverse=True)[:DOCUMENTS]


def _document(document, currency, kind):
    return {
        "number": document.number,
        "on": document.issued_on,
        "amount": document.total or 0,
        "currency": currency,
        "kind": kind,
        "csv_url": reverse("portal:document", args=[document.number]),
    }


def _invoice(invoice, book):
    """BIL-1: with a link to the dispute as long as it can be disputed."""
    until = after(invoice.issued_on, book.value("dispute.period", origin=invoice.issued_on))
    form = f"{reverse('portal:form', args=['credit_note_request'])}?{urlencode({'invoice': invoice.number})}"
    still = {"dispute_until": until, "dispute_url": form} if book.on <= until else {}
    return _document(invoice, invoice.currency, "invoice") | still


def _payment(partner, book):
    """BIL-8: how this partner pays. Account numbers are kept nowhere."""
    if partner.region in book.value("payment.portal_regions"):
        return _("Invoices can be paid in the portal, or by bank transfer with the details of the starter kit.")
    return _("Please pay by bank transfer: the bank details are in your starter kit and on each invoice.")


@require_GET
@contact_required
def document(request, number):
    """The lines of an invoice or a credit note as CSV (BIL-9); spreadsheets read no formula out of it."""
    invoice = Invoice.objects.visible_to(request.user).filter(number=number).first()
    note = None if invoice else CreditNote.objects.visible_to(request.user).select_related("invoice").filter(number=number).first()
    if not (invoice or note):
        raise Http404
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{(invoice or note).number}.csv"'
    table = csv.writer(answer)
    table.writerow(["document", "issued_on", "line", "description", "quantity", "unit_price", "amount", "currency"])
    table.writerows(_lines(invoice) if invoice else _credited(note))
    return answer


def _lines(invoice):
    for line in invoice.lines.order_by("line"):
        numbers = (line.quantity, line.unit_price, f"{line.amount:.2f}", invoice.currency)
        yield (invoice.number, invoice.issued_on, line.line, cell(line.description), *numbers)


def _credited(note):
    for row in note.lines.select_related("invoice_line").order_by("invoice_line__line"):
        line = row.invoice_line
        yield (note.number, note.issued_on, line.line, cell(line.description), "", "", f"-{row.amount:.2f}", note.invoice.currency)
