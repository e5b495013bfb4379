"""Services that post to the ledger exactly once, even if run repeatedly."""

from billing.models import CreditNote, CreditNoteLine, LedgerEntry


def post(*, partner_id, fee, title, amount, currency, source, at, kind=LedgerEntry.Kind.FEE):
    """Post one entry unless its (source, fee) already exists; safe to call again at any time.

    It runs in the caller's transaction, so the entry is committed or rolled back with the change that caused it (GEN-3).
    """
    entry = LedgerEntry(
        partner_id=partner_id, fee=fee, title=title, amount=amount, currency=currency, source=source, created_at=at, kind=kind
    )
    LedgerEntry.objects.bulk_create([entry], ignore_conflicts=True)


def issue_credit_note(invoice, credits, *, number, source, today):
    """Issue a credit note once per source and return it. `credits` are (InvoiceLine, amount).

    The caller has locked the invoice and checked that no line is credited beyond its amount (BIL-2).
    """
    note, is_new = CreditNote.objects.get_or_create(source=source, defaults={"number": number, "invoice": invoice, "issued_on": today})
    if is_new:
        CreditNoteLine.objects.bulk_create(CreditNoteLine(credit_note=note, invoice_line=line, amount=amount) for line, amount in credits)
    return note
