"""XLSX written while it is sent (ECMA-376, the parts a plain table needs): bounded memory, and the first rows go out at once.

A zip can be written straight through, so nothing waits for the last row: what names the sheets stands at its end
(docs/decisions/0252). Text is written as text, which no spreadsheet calculates.
"""

import datetime
import re
import zipfile
from decimal import Decimal
from itertools import chain, islice

SHEET_ROWS = 1_048_575  # below the heading: what follows goes on the next sheet
SHEET_BYTES = 2**31 - 2**26  # before zip would have to be ZIP64, which not every program reads
CELL = 32_767  # characters, as the format has it
AT_ONCE = 500  # rows that go out together
FIRST_DAY = datetime.date(1899, 12, 30)  # serial 0, for days after February 1900
# Styles by their place in STYLES: as it is, heading, day, moment, amount.
PLAIN, HEADING, DAY, MOMENT, AMOUNT = range(5)
# What XML cannot say, and what the format would read as an escape.
STRANGE = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="166" formatCode="#,##0.00##"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    + "".join(f'<xf numFmtId="{n}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' for n in (164, 165, 166))
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class _Sink:
    """What zipfile writes to, where nobody can seek: hands on what has come since."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def flush(self):
        """There is nothing behind it."""

    def taken(self):
        """The bytes written since the last time."""
        parts, self.parts = self.parts, []
        return b"".join(parts)


def written(heading, rows):
    """The parts of the file, as bytes. `rows` (tuples of str, int, float, Decimal, date, datetime or None) are read while it is taken."""
    sink, lines, sheets = _Sink(), iter(rows), 0
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as book:
        while (part := list(islice(lines, 1))) or not sheets:
            sheets += 1
            with book.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                for text in _sheet(heading, chain(part, lines)):
                    sheet.write(text)
                    if sent := sink.taken():
                        yield sent
        for name, text in _around(sheets).items():
            book.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    yield sink.taken()


def _sheet(heading, lines):
    """The parts of one sheet: the heading, which stays when the rest is scrolled, and as many rows as fit, taken from an iterator."""
    letters = [_letters(place) for place in range(len(heading))]
    names = "".join(_text(f"{letter}1", str(title), HEADING) for letter, title in zip(letters, heading, strict=True))
    begun = (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(heading)}" width="18.7" customWidth="1"/></cols><sheetData><row r="1">{names}</row>'
    ).encode()
    yield begun
    room, place = SHEET_BYTES - len(begun), 1
    while room > 0 and (part := list(islice(lines, min(AT_ONCE, SHEET_ROWS + 1 - place)))):
        text = "".join([_row(place + n, letters, row) for n, row in enumerate(part, 1)]).encode()
        room, place = room - len(text), place + len(part)
        yield text
    yield b"</sheetData></worksheet>"


def _row(place, letters, row):
    cells = [_cell(f"{letter}{place}", value) for letter, value in zip(letters, row, strict=True) if value is not None and value != ""]
    return f'<row r="{place}">{"".join(cells)}</row>'


def _cell(place, value):
    """One cell by what it is."""
    if isinstance(value, str):
        return _text(place, value)
    if isinstance(value, datetime.datetime):
        moment = value.astimezone(datetime.UTC)
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        return _number(place, f"{_serial(moment.date()) + seconds / 86_400:.10f}", MOMENT)
    if isinstance(value, datetime.date):
        return _number(place, _serial(value), DAY)
    return _number(place, f"{value:f}", AMOUNT) if isinstance(value, Decimal) else _number(place, f"{value:.16g}")


def _number(place, value, style=PLAIN):
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>' if style else f'<c r="{place}"><v>{value}</v></c>'


def _text(place, text, style=PLAIN):
    text = text[:CELL]
    if STRANGE.search(text):
        text = STRANGE.sub(_escaped, text)
    kept = "" if text == text.strip() else ' xml:space="preserve"'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t{kept}>{text}</t></is></c>'


def _escaped(found):
    """What XML has a name for by its name, all else as the format writes it: _x000B_."""
    return NAMED.get(found[0]) or f"_x{ord(found[0]):04X}_"


def _serial(day):
    return (day - FIRST_DAY).days


def _letters(place):
    """The name of a column by its place from 0: A, Z, AA."""
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _around(sheets):
    """{name: text} of the parts that say what the file is, around so many sheets."""
    numbers = range(1, sheets + 1)
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{_TYPE}{kind}+xml"/>' for name, kind in parts)
    named = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    links = [("styles", "styles.xml", sheets + 1), *(("worksheet", f"worksheets/sheet{n}.xml", n) for n in numbers)]
    return {
        "xl/styles.xml": STYLES,
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(links),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml", 1)]),
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
    }


def _relations(links):
    told = "".join(f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for kind, target, n in links)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}relationships">{told}</Relationships>'
