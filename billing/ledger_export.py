"""The streamed file of an account's ledger entries (BIL-9); the amounts in a currency add up to its balance."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.models import LedgerEntry
from partners.gates import sign_in_required
from partners.models import Partner
from web import spreadsheets

COLUMNS = ("posted_at_utc", "kind", "title", "request", "fee", "amount", "currency")
AT_ONCE = 2000  # entries in memory


@require_safe
@sign_in_required
def ledger(request, code, kind):
    """Download the fees and credits of a partner, newest first, for the partner and the care team."""
    partner = get_object_or_404(Partner.objects.visible_to(request.user), code=code)
    entries = LedgerEntry.objects.visible_to(request.user).of_partner(partner).order_by("-created_at", "-id")
    name = f"fees-and-credits-{partner.code}-{timezone.now():%Y-%m-%d}"
    return spreadsheets.answer(kind, name, COLUMNS, (_row(entry) for entry in entries.iterator(AT_ONCE)))


def _row(entry):
    return (entry.created_at, entry.kind, entry.title, entry.ticket_number, entry.fee, entry.amount, entry.currency)
