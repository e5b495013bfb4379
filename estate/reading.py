"""Read a CSV file: from lines of bytes to rows of a table, with every problem at its line."""

import csv
from functools import partial
from itertools import count

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from estate.columns import BadCell
from estate.problems import Problem

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# First bytes of files that are not CSV at all: reported once, not for each column and line.
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SEPARATORS = {";": gettext_lazy("semicolons"), "\t": gettext_lazy("tabs")}


class Unreadable(Exception):
    """The rest of the file cannot be read; the problem has been reported."""


def read_rows(table, lines, problems):
    """Yield (line number, values in the order of the table's columns) for each row; add problems to `problems`.

    An unreadable value becomes None, so that checks across rows see the rest of the row. Raise Unreadable.
    """

    def report(line, column, reason):
        problems.append(Problem(table.file, line, column, reason))

    rows = _split(lines, report)
    header = next((cells for _line, cells in rows), None)
    if header is None:
        report(0, "", _("is empty: the first line must name the columns."))
        raise Unreadable
    positions = _positions(table, header, report)
    names, readers = table.names, [(column.read, position) for column, position in zip(table.columns, positions, strict=True)]
    for line, cells in rows:
        if len(cells) != len(header):
            report(line, "", _("has %(found)d cells, but the header has %(wanted)d.") % {"found": len(cells), "wanted": len(header)})
            yield line, _key_only(table, cells, positions)
            continue
        try:
            values = [read(cells[position]) for read, position in readers]
        except BadCell:
            values = _read_each(table, cells, positions, partial(report, line))
        for name, reason in table.check(dict(zip(names, values, strict=True))) if table.check else ():
            report(line, name, reason)
        yield line, values


def _read_each(table, cells, positions, report):
    """Return the values of a row with bad cells, which are reported and become None."""
    values = []
    for column, position in zip(table.columns, positions, strict=True):
        try:
            values.append(column.read(cells[position]))
        except BadCell as bad:
            report(column.name, str(bad))
            values.append(None)
    return values


def _split(lines, report):
    """Yield (line number, cells) for each line that is not blank; a row may span several lines within quotes."""
    reader = csv.reader(_decode(lines, report), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            report(line, "", _("is not valid CSV (%(error)s); the rest of the file was not read.") % {"error": error})
            raise Unreadable from error
        if cells:
            yield line, cells


def _decode(lines, report):
    for number, line in zip(count(1), lines):
        if number == 1:
            if reason := _is_no_csv(line):
                report(0, "", reason)
                raise Unreadable
            line = line.removeprefix(BYTE_ORDER_MARK)
        try:
            yield line.decode()
        except UnicodeDecodeError as error:
            reason = _("is not UTF-8: byte %(byte)s at position %(position)d.")
            report(number, "", reason % {"byte": f"0x{line[error.start]:02X}", "position": error.start + 1})
            yield line.decode(errors="replace")


def _is_no_csv(line):
    """Return why a file with this first line cannot be read, or None."""
    if line.startswith((ZIP, OLD_EXCEL)):
        return _("is a spreadsheet or an archive, not a CSV file: save it as CSV, in UTF-8.")
    if b"\0" in line:
        return _("is UTF-16 or not a text file: save it as CSV, in UTF-8.")
    if b"\r" in line.rstrip(b"\r\n"):
        return _("has old Mac line endings (CR): save it as CSV with Windows or Unix line endings.")
    return None


def _positions(table, header, report):
    """Return the position of each of the table's columns in the header, in any order. Raise Unreadable."""
    for separator, named in SEPARATORS.items():
        if len(header) == 1 and separator in header[0]:
            report(1, "", _("separates its cells with %(separators)s: use commas.") % {"separators": named})
            raise Unreadable
    wrong = [(name, _("is not a column of this file.")) for name in header if name not in table.names]
    wrong += [(name, _("appears twice in the header.")) for name in table.names if header.count(name) > 1]
    wrong += [(name, _("is missing from the header.")) for name in table.names if name not in header]
    for name, reason in wrong:
        report(1, name, reason)
    if wrong:
        raise Unreadable
    return [header.index(name) for name in table.names]


def _key_only(table, cells, positions):
    """Return a row with only its key, so that references to it are not reported as well."""
    values = []
    for column, position in zip(table.columns, positions, strict=True):
        try:
            values.append(column.read(cells[position]) if column.name in table.key else None)
        except (BadCell, IndexError):
            values.append(None)
    return values
