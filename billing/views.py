"""A partner's account: ledger entries, invoices and credit notes."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.amounts import format_amount
from billing.bonus import bonus_of
from billing.documents import documents_of
from billing.models import Balance, Invoice, LedgerEntry
from billing.rules import ways_to_pay
from partners.asset_lists import form_url
from partners.gates import contact_required
from policies.models import PolicyValue
from web.paging import keyset
from web.spreadsheets import addresses


@require_safe
@contact_required
def account(request, usage_months, readable):
    """Show the balance, ledger entries, documents and usage of a partner.

    `usage_months(partner, today=…)` returns links to the usage; `readable(user, numbers)` those requests that the user may read.
    """
    partner, today = request.user.partner, timezone.now().date()
    context = account_of(request, partner, book=PolicyValue.objects.book(on=today), ticket_url="portal:request", readable=readable)
    return render(request, "portal/account.html", context | {"usage": usage_months(partner, today=today)})


def account_of(request, partner, *, book, ticket_url, readable):
    """Return the context of a partner's account, for the partner or the care team. `ticket_url` is the URL name of a request's page."""
    entries = LedgerEntry.objects.visible_to(request.user).of_partner(partner)
    page, documents = keyset(entries, ("-created_at", "-id"), request), documents_of(request, partner)
    # The new owner pays for a move that another partner asked for.
    linked = readable(request.user, {entry.ticket_number for entry in page.rows if entry.ticket_number})
    balances = Balance.objects.visible_to(request.user).of_account(partner)
    return {
        "stats": [
            {
                "label": _("Balance of fees and credits"),
                "value": format_amount(abs(balance), currency),
                "url": "#entries",
                "note": _whose(balance, partner, request.user),
            }
            for currency, balance in balances.items()
        ],
        "entries": [_entry(entry, ticket_url, linked) for entry in page.rows],
        "invoices": [_document(document, request.user, book) for document in documents.rows],
        "page_of_documents": documents,
        "bonus": bonus_of(partner, book=book, today=book.on),
        "payment": "" if request.user.is_care else ways_to_pay(partner.region, book=book),
        "ledger": addresses("ledger", partner.code),
        "usage_reports": {"wanted": partner.usage_reports, "url": reverse("usage_reports", args=[partner.code])},
        "page": page,
    }


def _whose(balance, partner, reader):
    """Return who owes the balance, from the reader's point of view; the words replace a sign."""
    if not balance:
        return ""
    if reader.is_care:
        return (_("owed by %(name)s") if balance > 0 else _("in favour of %(name)s")) % {"name": partner.name}
    return _("owed by you") if balance > 0 else _("in your favour")


def _entry(entry, ticket_url, linked):
    number = entry.ticket_number
    return {
        "on": entry.created_at,
        "title": entry.title.removesuffix(f" (#{number})"),  # the request is shown next to it
        "source_label": _("Request #%(number)s") % {"number": number} if number else entry.get_kind_display(),
        "source_url": reverse(ticket_url, args=[number]) if number in linked else "",
        "amount": abs(entry.amount),
        "currency": entry.currency,
        "credit": entry.amount < 0,
    }


def _document(document, user, book):
    """Return a row of the list. For partners, an invoice links to the dispute form as long as it can be disputed (BIL-1)."""
    is_invoice = isinstance(document, Invoice)
    row = {
        "number": document.number,
        "on": document.issued_on,
        "amount": document.total or 0,
        "currency": document.currency if is_invoice else document.invoice.currency,
        "kind": "invoice" if is_invoice else "credit_note",
        "about": "" if is_invoice else document.invoice.number,
        "files": addresses("document", document.number),
        "pdf_url": reverse("document_pdf", args=[document.number]),
    }
    if not is_invoice:
        return row
    until = book.last_day("dispute.period", document.issued_on)
    if book.on > until:
        return row | {"dispute_until": until, "dispute_over": True}
    form = form_url("credit_note_request", invoice=document.number)
    return row | {"dispute_until": until, "dispute_url": "" if user.is_care else form}
