"""Invoices, credit notes and usage as downloads. For functions with rows, see tests/cases/outside/times.py."""

import csv
import datetime
import io

from django.test import Client
from django.urls import reverse

from billing.models import CreditNote, Invoice
from classound.models import Call

KINDS = {"application/pdf": "PDF", "text/csv; charset=utf-8": "CSV"}


def documents(facts, get):
    """BIL-9: the documents of Nord that a person (a name of the cast) finds on Nord's account and can download."""
    cast, issued = get("cast"), datetime.date(2026, 11, 1)
    invoice = Invoice.objects.create(number="INV-1", partner=cast.nord, issued_on=issued, currency="EUR")
    line = invoice.lines.create(line=1, description="Licences", quantity=12, unit_price="3.00")
    note = CreditNote.objects.create(number="CN-1", invoice=invoice, issued_on=issued, source="ticket:1")
    note.lines.create(invoice_line=line, amount="2.50")

    def got_by(person):
        client = Client()
        client.force_login(getattr(cast, person))
        page = client.get(reverse("desk:account", args=["NORD"]) if getattr(cast, person).is_care else reverse("portal:account"))
        links = [(number, f"/documents/{number}.{kind}") for number in ("INV-1", "CN-1") for kind in ("pdf", "csv")]
        answers = [(number, client.get(link)) for number, link in links if link in page.content.decode()]
        refused = [number for number, link in links if link not in page.content.decode() and client.get(link).status_code != 404]
        return [f"BIL-9 {number} as {KINDS[answer['Content-Type']]}" for number, answer in answers if answer.getvalue()] + refused

    return got_by


def usage(facts, get):
    """BIL-9: the calls (`calls` are {their id: when}) in the usage file of a month."""
    cast = get("cast")
    fields = {"did": cast.did, "seconds": 60, "direction": "out", "destination": "+4989123", "price": "0.0210", "user": "ext1"}
    Call.objects.bulk_create(Call(call_id=name, started_at=at, **fields) for name, at in facts["calls"].items())
    client = Client()
    client.force_login(cast.nora)

    def of_month(month):
        answer = client.get(reverse("usage", args=["NORD", month, "csv"]))
        _header, *rows = csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig")))
        return [f"BIL-9 call {row[0]}" for row in rows]

    return of_month
