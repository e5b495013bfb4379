"""Files of the queue: the list as shown, without a limit, read back from CSV and XLSX; no cell is a formula."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest

from tests.desk.figures import client_of, listed, make
from tickets.models import TicketCharge
from web import spreadsheets

pytestmark = pytest.mark.usefixtures("that_day")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DANGEROUS = '=HYPERLINK("http://evil.example","Click")'


def exported(client, url):
    """Return (heading, rows) of a file."""
    answer = client.get(url)
    content = b"".join(answer.streaming_content)
    if "csv" in answer["Content-Type"]:
        table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        return table[0], table[1:]
    table = sheets(content)[0]
    return table[0], table[1:]


def sheets(content):
    """Return each sheet of an XLSX as rows of texts; fail on any formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = sorted((name for name in book.namelist() if name.startswith("xl/worksheets/sheet")), key=lambda n: (len(n), n))
        found = [ElementTree.fromstring(book.read(name)) for name in names]  # noqa: S314
    assert not any(sheet.findall(f".//{SHEET}f") for sheet in found)
    return [[["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{SHEET}row")] for sheet in found]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_contains_the_list_as_shown(cast, now, kind, django_assert_max_num_queries):
    client = client_of(cast.agent)
    mine = [make(cast, now, subject=f"Größe {n}", tags=["a", "b"]) for n in range(30)]
    make(cast, now, assignee=cast.agent2)
    make(cast, now, status="closed", outcome="executed")
    with django_assert_max_num_queries(8):
        heading, rows = exported(client, f"/desk/tickets.{kind}?view=mine")
    assert [int(row[0]) for row in rows] == [t.pk for t in reversed(mine)]
    assert rows[0][heading.index("Subject")] == "Größe 29"
    assert {len(row) for row in rows if kind == "csv"} <= {len(heading)}
    assert len(exported(client, f"/desk/tickets.{kind}")[1]) == 31 == len(listed(client, "/desk/")) + 6  # the page shows 25
    assert len(exported(client, f"/desk/tickets.{kind}?view=all&outcome=executed")[1]) == 1


def test_no_cell_is_a_formula_and_numbers_stay_readable(cast, now):
    make(cast, now, subject=DANGEROUS, answers={"dids": ["+498981000400", "+13125550100"]}, satisfaction_note="@SUM(A1)")
    client = client_of(cast.agent)
    heading, (row,) = exported(client, "/desk/tickets.csv")
    assert row[heading.index("Subject")] == "'" + DANGEROUS
    assert row[heading.index("What the partner wrote")] == "'@SUM(A1)"
    assert row[heading.index("Numbers")].startswith("+49 89 81000400, +1 312")
    heading, (row,) = exported(client, "/desk/tickets.xlsx")
    assert row[heading.index("Subject")] == DANGEROUS


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("+49 89 8100 0400", "+49 89 8100 0400"),
        ("+49898100050X", "+49898100050X"),
        ("+49 89\n=1", "'+49 89\n'=1"),
        ("Help;=1+1;", "Help;'=1+1;"),
        ('Help; "=1+1&";', 'Help; "\'=1+1&";'),
        ("Bad:\r\n@SUM(1)", "Bad:\r\n'@SUM(1)"),
        ("Slow; a-b=c", "Slow; a-b=c"),
        ("+49-89", "'+49-89"),
        ("plain - text", "plain - text"),
        ("", ""),
        (None, ""),
        (-5, -5),
    ],
)
def test_csv_cells_are_escaped(text, written):
    assert spreadsheets.cell(text) == written


def test_rows_continue_on_the_next_sheet(monkeypatch):
    monkeypatch.setattr(spreadsheets, "SHEET_ROWS", 2)
    for count, shape in ((0, [1]), (2, [3]), (3, [3, 2]), (5, [3, 3, 2])):
        answer = spreadsheets.answer("xlsx", "name", ["n", "text"], ((n, "\x00\x0b<&") for n in range(count)))
        assert [len(sheet) for sheet in sheets(b"".join(answer.streaming_content))] == shape


def test_rows_are_streamed():
    """The first part is sent before the last row is created: the table is never collected as a whole."""
    made = []

    def rows():
        for n in range(10_000):
            made.append(n)
            yield (n,)

    parts = iter(spreadsheets.answer("csv", "name", ["n"], rows()).streaming_content)
    next(parts), next(parts)
    assert len(made) == spreadsheets.AT_ONCE


def test_export_is_denied_to_others(cast, client):
    assert client.get("/desk/tickets.csv").status_code == 302
    assert client_of(cast.nora).get("/desk/tickets.xlsx").status_code == 404


def test_costs_are_listed_by_currency(cast, now):
    values = {"fee": "credit", "title": "A credit", "kind": "credit_note", "payer": cast.nord, "moment": "executed", "due_at": now}
    TicketCharge.objects.create(ticket=make(cast, now), amount=71, currency="EUR", **values)
    heading, (row,) = exported(client_of(cast.agent), "/desk/tickets.csv")
    assert [row[heading.index(f"Costs ({currency})")] for currency in ("EUR", "USD")] == ["-71.00", ""]
