"""BIL-9: invoices and credit notes as PDF and as data, and the usage of a month."""

import csv
import datetime
import io
import re
import tracemalloc
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from reportlab.platypus import Paragraph

from billing.models import Balance, CreditNote, Invoice, InvoiceLine
from billing.pdf import render, story_of
from billing.services import issue_credit_note, post
from classound.models import Call
from tests.cases.facts import a_book


@pytest.fixture
def invoice(cast):
    invoice = Invoice.objects.create(number="2026/11 Ä", partner=cast.nord, issued_on=datetime.date(2026, 11, 1), currency="EUR")
    lines = ((1, "Łódź & <Söhne> calls, area 1", "412.50", "0.03"), (2, "Licences", "12", "3.00"))
    for line, description, quantity, price in lines:
        InvoiceLine.objects.create(invoice=invoice, line=line, description=description, quantity=quantity, unit_price=price)
    return invoice


def texts_of(document):
    """Return the texts of the PDF, however they are encoded."""
    found, todo = [], story_of(document, a_book(document.issued_on))
    while todo:
        part = todo.pop(0)
        if isinstance(part, Paragraph):
            found.append(part.getPlainText())
        todo += part if isinstance(part, list | tuple) else getattr(part, "_cellvalues", ())
    return found


def pages_of(pdf):
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_invoice_pdf_shows_its_lines_and_total(cast, client, invoice):
    names = {"Invoice 2026/11 Ä", "Nord Telecom", "Careline Communications", "Łódź & <Söhne> calls, area 1"}
    assert names | {"0.03", "12.38", "36.00", "48.38 EUR", "1 November 2026", "Germany"} <= set(texts_of(invoice))
    client.force_login(cast.nora)
    answer = client.get(reverse("document_pdf", args=[invoice.number]))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("application/pdf", 'attachment; filename="2026-11-.pdf"')
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    pdf = answer.content
    assert pdf.startswith(b"%PDF-") and pages_of(pdf) == 1 and pdf == client.get(answer.wsgi_request.path).content


def test_lines_are_rounded_individually_and_totals_agree(cast, client, invoice):
    """2.5 × 0.33 is 0.825, so twice 0.83: 1.66 and not 1.65."""
    invoice.lines.all().delete()
    for line in (1, 2):
        InvoiceLine.objects.create(invoice=invoice, line=line, description="Calls", quantity="2.5", unit_price="0.33")
    assert {"0.83", "1.66 EUR"} <= set(texts_of(invoice))
    client.force_login(cast.nora)
    assert [row["amount"] for row in client.get("/portal/account/").context["invoices"]] == [Decimal("1.66")]
    answer = client.get(reverse("document", args=[invoice.number, "csv"]))
    lines = answer.getvalue().decode().splitlines()[1:]
    assert [line.split(",")[6] for line in lines] == ["0.83", "0.83"]


def test_every_document_is_reached_by_paging(cast, client, invoice):
    days = [invoice.issued_on - datetime.timedelta(days=days) for days in range(30)]
    Invoice.objects.bulk_create(Invoice(number=f"I{n}", partner=cast.nord, issued_on=day, currency="EUR") for n, day in enumerate(days))
    CreditNote.objects.bulk_create(
        CreditNote(number=f"C{n}", invoice=invoice, issued_on=days[n // 2], source=f"ticket:{n}") for n in range(9)
    )
    client.force_login(cast.nora)
    shown, older = [], "?"
    while older:
        page = client.get("/portal/account/" + older).context
        shown, older = shown + page["invoices"], page["page_of_documents"].older_url
    assert [row["on"] for row in shown] == sorted((row["on"] for row in shown), reverse=True)
    assert sorted(row["number"] for row in shown) == sorted([invoice.number, *(f"I{n}" for n in range(30)), *(f"C{n}" for n in range(9))])


def test_long_invoice_spans_several_pages(invoice):
    rows = [InvoiceLine(invoice=invoice, line=line, description="Word " * 40, quantity=1, unit_price=1) for line in range(3, 120)]
    InvoiceLine.objects.bulk_create([*rows, InvoiceLine(invoice=invoice, line=120, description="x" * 300, quantity=1, unit_price=1)])
    assert pages_of(render(invoice, a_book(invoice.issued_on))) > 5


def test_credit_note_names_its_invoice_and_has_negative_amounts(cast, client, invoice):
    note = CreditNote.objects.create(number="CN-1", invoice=invoice, issued_on=datetime.date(2026, 11, 20), source="ticket:1")
    note.lines.create(invoice_line=invoice.lines.first(), amount="2.50")
    assert {"Credit note CN-1", "2026/11 Ä, 1 November 2026", "−2.50", "−2.50 EUR"} <= set(texts_of(note))
    assert "Quantity" not in texts_of(note) and "Quantity" in texts_of(invoice), "no column is empty"
    client.force_login(cast.nora)
    page = client.get(reverse("portal:account")).content.decode()
    assert "/documents/CN-1.pdf" in page and "/documents/2026/11%20%C3%84.xlsx" in page
    CreditNote.objects.create(number="CN-2", invoice=invoice, issued_on=datetime.date(2026, 11, 21), source="ticket:2")
    rows = client.get(reverse("document", args=["CN-1", "csv"])).getvalue().decode().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["CN-1"]
    assert client.get(reverse("document", args=["CN-3", "csv"])).status_code == 404


def test_credit_note_is_issued_once_for_its_source(cast, invoice):
    calls, licences = invoice.lines.order_by("line")

    def issued(ticket, *credits):
        issue_credit_note(invoice, credits, number=f"CN-{ticket}", source=f"ticket:{ticket}", today=datetime.date(2026, 11, 20))

    issued(1, (calls, Decimal("2.50")), (licences, Decimal("3.00")))
    issued(2, (calls, Decimal("1.00")))
    issued(1, (calls, Decimal("2.50")), (licences, Decimal("3.00")))
    lines = CreditNote.objects.order_by("number", "lines__invoice_line").values_list("number", "lines__amount")
    assert list(lines) == [("CN-1", Decimal("2.50")), ("CN-1", Decimal("3.00")), ("CN-2", Decimal("1.00"))]


def a_call(did, number, started_at, **fields):
    values = {"seconds": 60, "direction": "out", "destination": "+4989123", "price": "0.0210", "user": "ext1"}
    return Call(call_id=f"K{number:06}", did=did, started_at=started_at, **values | fields)


def test_usage_of_a_month_lists_its_calls(cast, client):
    first = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
    second = datetime.timedelta(seconds=1)
    Call.objects.bulk_create(
        [
            a_call(cast.did, 1, first - second),
            a_call(cast.did, 2, first, user="=cmd|x", destination="+1-800-EVIL()", price=None),
            a_call(cast.did, 3, first + datetime.timedelta(days=31) - second),
            a_call(cast.did, 4, first + datetime.timedelta(days=31)),
            a_call(cast.winery_did, 5, first),
        ]
    )
    address = reverse("usage", args=["NORD", "2026-10", "csv"])
    client.force_login(cast.nora)
    answer = client.get(address)
    assert answer.streaming and answer["Content-Disposition"] == 'attachment; filename="classound-usage-NORD-2026-10.csv"'
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["call_id", "K000002", "K000003"]
    assert rows[1][1:] == ["2026-10-01 00:00:00", "+49 89 81000400", "'=cmd|x", "out", "'+1-800-EVIL()", "60", "", "EUR"]
    assert rows[2][2:] == ["+49 89 81000400", "ext1", "out", "+49 89 123", "60", "0.0210", "EUR"]
    for month in ("2026-13", "2026-1", "0000-01", "9999-12", "٢٠٢٦-10"):
        assert client.get(f"/usage/NORD/{month}.csv").status_code == 404
    client.force_login(cast.sara)
    assert client.get(address).status_code == 404
    client.force_login(cast.agent)
    assert client.get(address).status_code == 200


# The existing call is copied for each of this many minutes that follow: objects for all of them would take a second.
MINUTE_BY_MINUTE = """
    INSERT INTO classound_call (call_id, did_id, started_at, seconds, direction, destination, price, "user")
    SELECT 'K' || lpad(n::text, 6, '0'), did_id, started_at + n * interval '1 minute', seconds, direction, destination, price, "user"
    FROM classound_call, generate_series(1, %s) n
"""


@pytest.mark.thorough
def test_thousands_of_calls_use_little_memory(cast, client):
    first = datetime.datetime(2026, 10, 1, tzinfo=datetime.UTC)
    a_call(cast.did, 0, first).save()
    with connection.cursor() as cursor:
        cursor.execute(MINUTE_BY_MINUTE, [11_999])
    client.force_login(cast.nora)
    tracemalloc.start()
    read = sum(len(line) for line in client.get(reverse("usage", args=["NORD", "2026-10", "csv"])))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read > 900_000 and peak < 4_000_000


def test_ledger_file_adds_up_to_the_balance(cast, client, now):
    for number, amount in ((1, "50.00"), (2, "-12.50")):
        post(partner_id=cast.nord.pk, fee="fee.x", title="=1+1", amount=amount, currency="EUR", source=f"ticket:{number}", at=now)
    client.force_login(cast.nora)
    answer = client.get(reverse("ledger", args=["NORD", "csv"]))
    assert answer["Content-Disposition"].startswith('attachment; filename="fees-and-credits-NORD-2')
    heading, *rows = csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig")))
    assert [row[heading.index("title")] for row in rows] == ["'=1+1"] * 2
    assert [row[heading.index("amount")] for row in rows] == ["-12.50", "50.00"]
    assert sum(Decimal(row[-2]) for row in rows) == Balance.objects.of_account(cast.nord)[rows[0][-1]]
    client.force_login(cast.sara)
    assert client.get(answer.wsgi_request.path).status_code == 404
