"""Tables to take along, as CSV or XLSX: row by row with bounded memory, and no cell that a spreadsheet would calculate."""

import csv
import datetime
import re
from decimal import Decimal
from itertools import islice

from django.http import StreamingHttpResponse
from django.urls import register_converter, reverse
from django.urls.converters import StringConverter

from partners import xlsx

# What makes a spreadsheet calculate, also in the wide forms that some programs read as the narrow ones.
FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
# Where a computer has the semicolon between its cells, as in most of Europe, one begins after it, and a row with each line.
LATER = re.compile(r"([;\t\r\n][\s\"]*)([=+\-@＝＋－＠]?)")
# A plus and nothing but digits, spaces and the Xs of a range has nothing to calculate with: it stays as people read it.
PHONE = re.compile(r"\+\d[\d ]{2,30}X{0,3}(, \+\d[\d ]{2,30}X{0,3})*")
CSV_TYPE, XLSX_TYPE = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("xlsx", "csv")
AT_ONCE = 500  # rows that go out together


class _Kind(StringConverter):
    regex = "|".join(FORMATS)


register_converter(_Kind, "table")  # an address of a table ends in ".<table:kind>"


def addresses(name, *args, query=""):
    """{format: address} of a table, for components/files.html and components/file_links.html; `query` begins with "?"."""
    return {kind: reverse(name, args=[*args, kind]) + query for kind in FORMATS}


def cell(value):
    """A value as a cell of CSV. Where text begins like a formula, an apostrophe stands before it (docs/decisions/0131)."""
    if isinstance(value, str):
        value = LATER.sub(lambda found: f"{found[1]}'{found[2]}" if found[2] else found[1], value)
        return f"'{value}" if FORMULA.match(value) and not PHONE.fullmatch(value) else value
    if isinstance(value, datetime.datetime):
        return f"{_utc(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else value


def answer(kind, name, heading, rows):
    """The rows (an iterable of tuples) as a download in one of FORMATS; read only while the answer is being sent."""
    parts, content_type = (_csv(heading, rows), CSV_TYPE) if kind == "csv" else (xlsx.written(heading, rows), XLSX_TYPE)
    return as_download(StreamingHttpResponse(parts, content_type=content_type), f"{name}.{kind}")


def as_download(response, name):
    """Name the file of a response that is downloaded, and have it kept by nobody on the way."""
    response["Content-Disposition"] = f'attachment; filename="{re.sub(r"[^A-Za-z0-9._-]+", "-", name)}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class _Line:
    """What csv writes to: hands each line back."""

    def write(self, line):
        return line


def _csv(heading, rows):
    """Parts of the file; the mark at its beginning tells spreadsheets that it is UTF-8."""
    write, lines = csv.writer(_Line()).writerow, iter(rows)
    yield "\ufeff" + write([cell(str(title)) for title in heading])
    while part := list(islice(lines, AT_ONCE)):
        yield "".join(write([cell(value) for value in row]) for row in part)


def _utc(moment):
    return moment.astimezone(datetime.UTC).replace(tzinfo=None)
