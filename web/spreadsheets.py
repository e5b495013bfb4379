"""Downloads of tables as CSV or XLSX, streamed row by row, without any cell that a spreadsheet would evaluate as a formula."""

import csv
import datetime
import re
import tempfile
from decimal import Decimal
from itertools import chain, islice

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.urls import register_converter, reverse
from django.urls.converters import StringConverter

# Characters that start a formula, including the full-width forms that some programs treat alike.
FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
# Where the semicolon separates cells, as in most of Europe, a cell also starts after one, and after each line break.
LATER = re.compile(r"([;\t\r\n][\s\"]*)([=+\-@＝＋－＠]?)")
# A plus followed by nothing but digits, spaces and the Xs of a range contains no formula and stays as it is.
PHONE = re.compile(r"\+\d[\d ]{2,30}X{0,3}(, \+\d[\d ]{2,30}X{0,3})*")
CSV_TYPE, XLSX_TYPE = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("xlsx", "csv")
AT_ONCE = 500  # rows sent at once
SHEET_ROWS = 1_048_575  # below the heading; further rows go to the next sheet
CELL = 32_767  # characters, by the file format


class _Kind(StringConverter):
    regex = "|".join(FORMATS)


register_converter(_Kind, "table")  # addresses of tables end in ".<table:kind>"


def addresses(name, *args, query=""):
    """Return {format: address} of a table, for components/files.html and components/file_links.html; `query` starts with "?"."""
    return {kind: reverse(name, args=[*args, kind]) + query for kind in FORMATS}


def cell(value):
    """Return a value as a CSV cell. Text that starts like a formula is prefixed with an apostrophe (docs/decisions/0131)."""
    if isinstance(value, str):
        value = LATER.sub(lambda found: f"{found[1]}'{found[2]}" if found[2] else found[1], value)
        return f"'{value}" if FORMULA.match(value) and not PHONE.fullmatch(value) else value
    if isinstance(value, datetime.datetime):
        return f"{_utc(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else value


def answer(kind, name, heading, rows):
    """Return the rows (an iterable of tuples) as a download in one of FORMATS; they are read only while it is sent (CSV) or made (XLSX)."""
    if kind == "csv":
        return as_download(StreamingHttpResponse(_csv(heading, rows), content_type=CSV_TYPE), f"{name}.csv")
    return as_download(FileResponse(_xlsx(heading, rows), content_type=XLSX_TYPE), f"{name}.xlsx")


def as_download(response, name):
    """Set the file name of a download, and forbid caching."""
    response["Content-Disposition"] = f'attachment; filename="{re.sub(r"[^A-Za-z0-9._-]+", "-", name)}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class _Line:
    """A file-like object for csv that returns each line."""

    def write(self, line):
        return line


def _csv(heading, rows):
    """Yield parts of the file, which starts with a byte order mark so that spreadsheets recognise UTF-8."""
    write, lines = csv.writer(_Line()).writerow, iter(rows)
    yield "\ufeff" + write([cell(str(title)) for title in heading])
    while part := list(islice(lines, AT_ONCE)):
        yield "".join(write([cell(value) for value in row]) for row in part)


def _xlsx(heading, rows):
    """Return a temporary file with the sheets, at position 0. Rows are written to disk one by one."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"})
    styles = {key: book.add_format({"num_format": code}) for key, code in (("day", "yyyy-mm-dd"), ("number", "#,##0.00##"))}
    title, lines, first = book.add_format({"bold": True}), iter(rows), True
    while (part := list(islice(lines, 1))) or first:
        sheet, first = book.add_worksheet(), False
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heading) - 1, 18)
        for column, text in enumerate(heading):
            sheet.write_string(0, column, str(text), title)
        for place, row in enumerate(islice(chain(part, lines), SHEET_ROWS), 1):
            for column, value in enumerate(row):
                _put(sheet, place, column, value, styles)
    book.close()
    file.seek(0)
    return file


def _put(sheet, row, column, value, styles):
    """Write a cell by the type of its value; text is written as text, never as a formula."""
    if isinstance(value, str):
        sheet.write_string(row, column, value[:CELL])
    elif isinstance(value, datetime.datetime):
        sheet.write_datetime(row, column, _utc(value))
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value, styles["day"])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value, styles["number"])
    elif value is not None:
        sheet.write_number(row, column, value)


def _utc(moment):
    return moment.astimezone(datetime.UTC).replace(tzinfo=None)
