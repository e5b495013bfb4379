"""Invoices and credit notes as PDF (BIL-9): issuer, recipient, lines and total, on as many A4 pages as needed."""

import io
from decimal import Decimal
from importlib.resources import files
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, Table

from billing.amounts import format_amount, format_figure
from billing.models import Invoice
from billing.rules import ways_to_pay
from policies.countries import country_title
from policies.wording import day_in_full

TEXT, BOLD = "SourceSansPro-Regular", "SourceSansPro-Bold"
for name in (TEXT, BOLD):
    registerFont(TTFont(name, str(files("font_source_sans_pro") / "files" / f"{name}.ttf")))

INK, FAINT = HexColor("#1d2433"), HexColor("#5b6475")
PLAIN = ParagraphStyle("plain", fontName=TEXT, fontSize=9, leading=13, textColor=INK)
SMALL = ParagraphStyle("small", PLAIN, fontSize=8, leading=11, textColor=FAINT)
STRONG = ParagraphStyle("strong", PLAIN, fontName=BOLD)
TITLE = ParagraphStyle("title", PLAIN, fontName=BOLD, fontSize=17, leading=22)
RIGHT = ParagraphStyle("right", PLAIN, alignment=TA_RIGHT)
SUM = ParagraphStyle("sum", STRONG, alignment=TA_RIGHT)
HEAD = ParagraphStyle("head", SMALL, fontName=BOLD)
HEAD_RIGHT = ParagraphStyle("head-right", HEAD, alignment=TA_RIGHT)
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN


def render(document, book):
    """Return the PDF of an Invoice or CreditNote as bytes, identical each time. `book` is the policy book of its date."""
    out, issuer, title = io.BytesIO(), book.value("issuer.name"), _title(document)
    frame = {"leftMargin": MARGIN - 6, "rightMargin": MARGIN - 6, "topMargin": MARGIN, "bottomMargin": 22 * mm}
    template = SimpleDocTemplate(out, pagesize=A4, title=title, author=issuer, lang="en", invariant=1, **frame)
    foot = f"{issuer} · {title}"
    template.build(story_of(document, book), canvasmaker=lambda *args, **options: _Numbered(*args, foot=foot, **options))
    return out.getvalue()


def story_of(document, book):
    """Return the content from top to bottom as ReportLab flowables."""
    is_invoice = isinstance(document, Invoice)
    invoice = document if is_invoice else document.invoice
    issuer = [book.value(code) for code in ("issuer.name", "issuer.address", "issuer.vat_number")]
    last = ways_to_pay(invoice.partner.region, book=book) if is_invoice else _("The amount is credited to your account.")
    return [
        _heads(issuer, invoice.partner),
        Spacer(0, 9 * mm),
        Paragraph(escape(_title(document)), TITLE),
        Spacer(0, 3 * mm),
        _facts(document, invoice),
        Spacer(0, 7 * mm),
        _lines(document.printed_lines(), invoice.currency),
        Spacer(0, 8 * mm),
        Paragraph(escape(last), SMALL),
    ]


def _title(document):
    title = _("Invoice %(number)s") if isinstance(document, Invoice) else _("Credit note %(number)s")
    return title % {"number": document.number}


def _heads(issuer, partner):
    """Return the header with the recipient and the issuer."""
    to = [
        *partner.address.splitlines(),
        country_title(partner.country),
        _("VAT %(number)s") % {"number": partner.vat_number} if partner.vat_number else "",
    ]
    ours = [Paragraph(escape(issuer[0]), STRONG), *(Paragraph(escape(text), SMALL) for text in issuer[1:] if text)]
    theirs = [
        Paragraph(escape(_("To")), SMALL),
        Paragraph(escape(partner.name), STRONG),
        *(Paragraph(escape(line), PLAIN) for line in to if line.strip()),
    ]
    return Table([[theirs, ours]], colWidths=[WIDTH * 0.58, WIDTH * 0.42], style=[("VALIGN", (0, 0), (-1, -1), "TOP"), *_FLUSH])


def _facts(document, invoice):
    facts = [(_("Date"), day_in_full(document.issued_on))]
    if document is invoice:
        facts += [(_("Due"), day_in_full(invoice.due_on))] if invoice.due_on else []
    else:
        facts += [(_("For invoice"), f"{invoice.number}, {day_in_full(invoice.issued_on)}")]
    facts += [(_("Partner"), invoice.partner.code), (_("Currency"), invoice.currency)]
    cells = [[[Paragraph(escape(label), SMALL), Paragraph(escape(value), PLAIN)] for label, value in facts]]
    shares = [2 if len(value) > 20 else 1 for _label, value in facts]
    return Table(cells, colWidths=[WIDTH * share / sum(shares) for share in shares], style=[("VALIGN", (0, 0), (-1, -1), "TOP"), *_FLUSH])


def _lines(lines, currency):
    """Return the table of lines with the total; its header is repeated on each page. A column without any figure is left out."""
    heads = (_("Line"), _("Description"), _("Quantity"), _("Unit price"), _("Amount"))
    rows = [[Paragraph(escape(text), HEAD if place < 2 else HEAD_RIGHT) for place, text in enumerate(heads)]]
    total = Decimal(0)
    for line, description, quantity, price, amount in lines:
        total += amount
        numbers = [Paragraph(text, RIGHT) for text in (_figure(quantity), _figure(price), _figure(amount))]
        rows.append([Paragraph(str(line), PLAIN), Paragraph(escape(description), PLAIN), *numbers])
    rows.append(["", Paragraph(escape(_("Total")), STRONG), "", "", Paragraph(format_amount(total, currency), SUM)])
    used = [place for place in range(5) if place in (0, 1, 4) or any(line[place] is not None for line in lines)]
    widths = [(11 * mm, None, 24 * mm, 28 * mm, 34 * mm)[place] for place in used]
    widths[1] = WIDTH - sum(width for width in widths if width)
    rules = [
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -3), 0.25, HexColor("#d5d9e2")),
        ("LINEABOVE", (0, -1), (-1, -1), 0.8, INK),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("SPAN", (1, -1), (-2, -1)),
    ]
    return LongTable([[row[place] for place in used] for row in rows], colWidths=widths, repeatRows=1, style=rules)


def _figure(number):
    return "" if number is None else format_figure(number)


_FLUSH = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]


class _Numbered(Canvas):
    """A canvas that draws the footer of each page once the number of pages is known."""

    def __init__(self, *args, foot, **options):
        super().__init__(*args, **options)
        self.foot, self.sheets = foot, []

    def showPage(self):
        self.sheets.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        for number, sheet in enumerate(self.sheets, 1):
            self.__dict__.update(sheet)
            self.setFont(TEXT, 8)
            self.setFillColor(FAINT)
            self.drawString(MARGIN, 12 * mm, self.foot[:90])
            page = _("Page %(number)s of %(count)s") % {"number": number, "count": len(self.sheets)}
            self.drawRightString(A4[0] - MARGIN, 12 * mm, page)
            super().showPage()
        super().save()
