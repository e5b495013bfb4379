"""Posting to the ledger: exactly once, whatever runs twice."""

from billing.models import CreditNote, CreditNoteLine, LedgerEntry


def post(*, partner_id, fee, title, amount, currency, source, at, kind=LedgerEntry.Kind.FEE):
    """Post one entry unless its (source, fee) is there already; safe to call again at any time. Returns nothing.

    The caller's transaction holds it: the entry stands or falls with the change that caused it (GEN-3).
    """
    entry = LedgerEntry(
        partner_id=partner_id, fee=fee, title=title, amount=amount, currency=currency, source=source, created_at=at, kind=kind
    )
    LedgerEntry.objects.bulk_create([entry], ignore_conflicts=True)


def issue_credit_note(invoice, credits, *, number, source, today):
    """Issue the credit note of a cause, once: `credits` are (InvoiceLine, amount). Returns the CreditNote.

    The caller holds the invoice locked and has seen that no line is credited beyond its amount (BIL-2).
    """
    note, is_new = CreditNote.objects.get_or_create(source=source, defaults={"number": number, "invoice": invoice, "issued_on": today})
    if is_new:
        CreditNoteLine.objects.bulk_create(CreditNoteLine(credit_note=note, invoice_line=line, amount=amount) for line, amount in credits)
    return note
