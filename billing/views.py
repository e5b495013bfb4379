"""A partner's account: what was posted, and its invoices."""

from django.db.models import F, Sum
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from billing.models import Invoice, LedgerEntry
from partners.gates import contact_required
from partners.paging import keyset
from policies.days import after
from policies.models import PolicyValue

INVOICES = 12


@require_GET
@contact_required
def account(request):
    """The balance of what Careline posted, every entry with its cause, and the latest invoices (disputes: BIL-1)."""
    partner = request.user.partner
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
        "invoices": _invoices(request.user, timezone.now().date()),
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


def _invoices(user, today):
    period = PolicyValue.objects.book(on=today).value("dispute.period")
    latest = (
        Invoice.objects.visible_to(user)
        .annotate(total=Sum(F("lines__quantity") * F("lines__unit_price")))
        .order_by("-issued_on", "number")[:INVOICES]
    )
    rows = []
    for invoice in latest:
        until = after(invoice.issued_on, period)
        rows.append(
            {
                "number": invoice.number,
                "on": invoice.issued_on,
                "amount": invoice.total or 0,
                "currency": invoice.currency,
                "kind": "invoice",
                "dispute_until": until if today <= until else None,
            }
        )
    return rows
