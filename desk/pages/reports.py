"""Reports as tables: cell contents, the list each number links to, and bar lengths."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from desk.pages.clocks import LABELS, spent
from desk.pages.report_figures import Figures
from tickets.models import Ticket
from tickets.types import TYPES

NUMBER, TEXT = "num", "text"


@dataclass(frozen=True)
class Cell:
    """The displayed text, the value in a file (`raw`, in `unit`), and the URL of the list it counts ("" if none)."""

    text: str
    raw: object = None
    url: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """The cells of a row; `bar` and `inner` are bar lengths in percent, and the bar links to `url`."""

    cells: tuple
    bar: float | None = None
    inner: float = 0
    is_sum: bool = False
    url: str = ""


@dataclass(frozen=True)
class Report:
    """A table with bars. `columns` are (title, "num" or "text"); `titles`, if given, are titles that are not ambiguous alone."""

    code: str
    title: str
    note: str
    columns: tuple
    rows: list = field(default_factory=list)
    empty: str = ""
    titles: tuple = ()
    files: dict = field(default_factory=dict)

    @property
    def heading(self):
        """Return the column titles with units, for a file."""
        units = {place: cell.unit for row in self.rows for place, cell in enumerate(row.cells) if cell.unit}
        return [f"{title} ({units[place]})" if place in units else title for place, title in enumerate(self._names)]

    @property
    def _names(self):
        return self.titles or [title for title, _kind in self.columns]

    def head(self):
        """Return [(title, "num" or "text", accessible name)] of the columns for the page."""
        return [(*column, name) for column, name in zip(self.columns, self._names, strict=True)]

    def body(self):
        """Return [(row, [(cell, "num" or "text", accessible link name)])] for the page; a number alone would be no link name."""
        kinds = [kind for _title, kind in self.columns]
        return [(row, zip(row.cells, kinds, self._called(row, kinds), strict=True)) for row in self.rows]

    def _called(self, row, kinds):
        about = ", ".join(cell.text for cell, kind in zip(row.cells, kinds, strict=True) if kind == TEXT)
        for cell, kind, title in zip(row.cells, kinds, self._names, strict=True):
            yield f"{about}, {title}: {cell.text}" if kind == NUMBER else cell.text

    def raw(self):
        """Return the rows for a file."""
        return [tuple(cell.raw for cell in row.cells) for row in self.rows]


class ReportBuilder:
    """Builds the reports for an Asked from its Figures, which are queried on demand."""

    def __init__(self, user, asked):
        self.asked, self.figures, self.queue = asked, Figures(user, asked), reverse("desk:queue")

    def count(self, number, **query):
        """Return a cell with a number that links to the list it counts."""
        return Cell(f"{number:,}", number, self.link(**query) if number else "")

    def link(self, **query):
        """Return the queue URL for the period's tickets, narrowed."""
        return f"{self.queue}?{self.asked.query(**query)}"

    def types(self):
        """Return [(type code, title, figures)], most filed first, followed by the total with the code ""."""
        rows = sorted(((code, counts) for code, counts in self.figures.by_type.items() if code), key=lambda row: (-row[1]["filed"], row[0]))
        known = [(code, str(TYPES[code].title) if code in TYPES else code, counts) for code, counts in rows]
        return [*known, ("", _("All"), self.figures.by_type[""])] if known else []


def type_filter(code):
    """Return the queue key for a type; empty for the total."""
    return {"type": code} if code else {}


def share(part, whole):
    """Return a cell with a percentage, empty if `whole` is 0."""
    return Cell(f"{100 * part / whole:.1f} %" if whole else "–", round(100 * part / whole, 1) if whole else None, unit="%")


def minutes(number):
    """Return a cell with minutes in words: "1 h 25 min"."""
    return Cell("–" if number is None else spent(int(number)), None if number is None else int(number), unit=_("minutes"))


def length(part, whole):
    """Return the length of a bar in percent."""
    return round(100 * part / whole, 2) if whole else 0


def volume(p):
    """Report the number of requests filed by type, and their outcomes."""
    columns = ((_("Type"), TEXT), (_("Submitted"), NUMBER), (_("Share"), NUMBER), *((str(o.label), NUMBER) for o in Ticket.Outcome))
    types = p.types()
    most, every = max((c["filed"] for code, _title, c in types if code), default=0), types[-1][2]["filed"] if types else 0
    rows = [
        Row(
            (
                Cell(title, title),
                p.count(counts["filed"], **type_filter(code)),
                share(counts["filed"], every),
                *(p.count(counts[o], outcome=o, **type_filter(code)) for o in Ticket.Outcome.values),
            ),
            bar=length(counts["filed"], most) if code else None,
            is_sum=not code,
            url=p.link(**type_filter(code)),
        )
        for code, title, counts in types
    ]
    return Report("volume", _("Requests by type"), "", columns, rows, _("No requests were submitted in this period."))


def days(p):
    """Report the number of requests filed by day, week or month."""
    title = {"day": _("Requests by day"), "week": _("Requests by week"), "month": _("Requests by month")}[p.figures.step]
    columns = (({"day": _("Day"), "week": _("Week from"), "month": _("Month from")}[p.figures.step], TEXT), (_("Submitted"), NUMBER))
    most = max(p.figures.by_day.values(), default=0)
    rows = []
    for first, last in p.figures.steps:
        filed = p.figures.by_day.get(first, 0)
        shown = max(first, p.asked.first)
        cell = p.count(filed, first=first, last=last)
        rows.append(Row((Cell(date_format(shown, "D j M Y"), shown), cell), bar=length(filed, most), url=cell.url))
    return Report("days", title, "", columns, rows if most else [], _("No requests were submitted in this period."))


def times(p):
    """Report the median and 90th percentile of the time to the first answer and to the solution, in support time."""
    columns, titles = [(_("Type"), TEXT)], [_("Type")]
    for title in (_("First answer"), _("Solution")):
        columns += [(title, NUMBER), (_("Median"), NUMBER), (_("90% within"), NUMBER)]
        titles += [f"{title}: {part}" for part in (_("tickets"), _("Median"), _("90% within"))]
    rows, longest = [], max((c["solution"][1] for _code, _title, c in p.types() if c["solution"]), default=0)
    for code, title, counts in p.types():
        if not (counts["measured_first"] or counts["measured_solution"]):
            continue
        cells = [Cell(title, title)]
        for clock in ("first", "solution"):
            measured = counts[clock] or (None, None)
            cells += [p.count(counts[f"measured_{clock}"], measured=clock, **type_filter(code)), minutes(measured[0]), minutes(measured[1])]
        half, most = counts["solution"] or (0, 0)
        url = p.link(measured="solution", **type_filter(code))
        rows.append(Row(tuple(cells), bar=length(most, longest), inner=length(half, longest), is_sum=not code, url=url))
    note = _("In support hours of the partner’s region, excluding time spent waiting for others.")
    empty = _("No tickets from this period have been answered yet.")
    return Report("times", _("Time to answer and solve"), note, tuple(columns), rows, empty, titles)


def breaches(p):
    """Report how many tickets were answered or solved late, by clock."""
    columns = ((_("Clock"), TEXT), (_("Late"), NUMBER), (_("Share of submitted"), NUMBER))
    counts = p.figures.by_type.get("", {})
    rows = []
    for clock, title in LABELS.items() if any(counts.get(f"late_{clock}") for clock in LABELS) else ():
        late = counts[f"late_{clock}"]
        cells = (Cell(str(title), str(title)), p.count(late, late=clock), share(late, counts["filed"]))
        rows.append(Row(cells, bar=length(late, counts["filed"]), url=p.link(late=clock)))
    return Report("breaches", _("Late"), "", columns, rows, _("No tickets from this period were late."))


def refusals(p):
    """Report which rules refused requests, both before filing and on rejected tickets."""
    columns = ((_("Rule"), TEXT), (_("Refused while filing"), NUMBER), (_("On rejected tickets"), NUMBER))
    attempts = {} if p.asked.partner or p.asked.owner else p.figures.attempts
    rules = sorted({*attempts, *p.figures.rejections}, key=lambda r: (-attempts.get(r, 0) - p.figures.rejections.get(r, 0), r))
    sums = [attempts.get(rule, 0) + p.figures.rejections.get(rule, 0) for rule in rules]
    rows = []
    for rule, number in zip(rules, sums, strict=True):
        tried, rejected = attempts.get(rule, 0), p.figures.rejections.get(rule, 0)
        name = Cell(rule, rule, f"{reverse('help:rules')}#{rule}")
        bar, inner = length(number, max(sums)), length(rejected, max(sums))
        rows.append(Row((name, Cell(f"{tried:,}", tried), p.count(rejected, refused_by=rule)), bar=bar, inner=inner))
    note = _("Requests refused before filing are counted anonymously, so they cannot be listed.")
    return Report("refusals", _("Refusals by rule"), note, columns, rows, _("No rule refused a request in this period."))


def overrides(p):
    """Report which agents overrode findings."""
    columns = ((_("Agent"), TEXT), (_("Tickets"), NUMBER), (_("Findings"), NUMBER))
    most = max((tickets for _name, _email, tickets, _findings in p.figures.overrides), default=0)
    rows = []
    for name, email, tickets, findings in p.figures.overrides:
        cells = (Cell(name, name), p.count(tickets, overridden_by=email), Cell(f"{findings:,}", findings))
        rows.append(Row(cells, bar=length(tickets, most), url=p.link(overridden_by=email)))
    return Report("overrides", _("Overridden findings"), "", columns, rows, _("No findings were overridden."))
