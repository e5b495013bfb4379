"""Posting to the ledger: exactly once, whatever runs twice."""

from billing.models import LedgerEntry


def post(*, partner_id, fee, title, amount, currency, source, at, kind=LedgerEntry.Kind.FEE):
    """Post one entry unless its (source, fee) is there already; safe to call again at any time. Returns nothing.

    The caller's transaction holds it: the entry stands or falls with the change that caused it (GEN-3).
    """
    entry = LedgerEntry(
        partner_id=partner_id, fee=fee, title=title, amount=amount, currency=currency, source=source, created_at=at, kind=kind
    )
    LedgerEntry.objects.bulk_create([entry], ignore_conflicts=True)
