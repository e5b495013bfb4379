"""Policy values with several parts: a table of typed columns, a time window."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from policies.units import Unit, cleaned_text

MOST_ROWS = 200


@dataclass(frozen=True)
class Table(Unit):
    """Rows of typed columns, edited as a table: `columns` is a tuple of (title, unit); the last is the value, the others are its key.

    `words` is the template of a row in words, for example "{1} for {0} years". With `may_be_empty`, the table can have no rows.
    """

    columns: tuple
    words: str = ""
    may_be_empty: bool = False
    name = "table"

    def clean(self, raw):
        if not isinstance(raw, list | tuple) or len(raw) > MOST_ROWS or not (raw or self.may_be_empty):
            raise ValueError(_("Enter at least one row and at most %(most)s.") % {"most": MOST_ROWS})
        rows = [self._clean_row(position, row) for position, row in enumerate(raw, 1)]
        if len({tuple(row[:-1]) for row in rows}) < len(rows):
            raise ValueError(_("Two rows cover the same case."))
        return rows

    def _clean_row(self, position, row):
        titles = ", ".join(str(title) for title, _unit in self.columns)
        if not isinstance(row, list | tuple) or len(row) != len(self.columns):
            raise ValueError(
                _("Row %(row)s needs %(count)s columns: %(titles)s.") % {"row": position, "count": len(self.columns), "titles": titles}
            )
        cells = []
        for (title, unit), cell in zip(self.columns, row, strict=True):
            try:
                cells.append(unit.clean(cell))
            except ValueError as error:
                raise ValueError(_("Row %(row)s, %(title)s: %(error)s") % {"row": position, "title": title, "error": error}) from None
        return cells

    def read(self, stored):
        return tuple(tuple(unit.read(cell) for (_title, unit), cell in zip(self.columns, row, strict=True)) for row in stored)

    def cells(self, stored):
        """Return the rows in words, cell by cell, for pages that show a table."""
        return [[unit.show(cell) for (_title, unit), cell in zip(self.columns, row, strict=True)] for row in stored]

    def show(self, stored):
        words = str(self.words) or " ".join(f"{{{column}}}" for column in range(len(self.columns)))
        return "; ".join(words.format(*row) for row in self.cells(stored)) or _("none")


@dataclass(frozen=True)
class Window:
    """A time window in minutes after midnight, excluding `end`. If both are equal, the window is empty."""

    start: int
    end: int

    def holds(self, moment):
        """Return whether the time of day `moment` (a time or datetime) is inside the window."""
        return self.start <= moment.hour * 60 + moment.minute < self.end


@dataclass(frozen=True)
class WindowUnit(Unit):
    """A time window within one day, HH:MM–HH:MM; it may end at 24:00. Read as a Window."""

    name = "window"

    def clean(self, raw):
        clock = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"
        match = re.fullmatch(rf"{clock}\s*[-–]\s*(?:{clock}|(24):(00))", cleaned_text(raw), re.ASCII)
        if not match:
            raise ValueError(_("Enter two times on the same day, for example “22:00–24:00”."))
        start, end = f"{match[1]:0>2}:{match[2]}", f"{match[3] or match[5]:0>2}:{match[4] or match[6]}"
        if end < start:
            raise ValueError(_("The end is before the start; both times must be on the same day."))
        return f"{start}–{end}"

    def read(self, stored):
        return Window(*(int(clock[:2]) * 60 + int(clock[3:]) for clock in stored.split("–")))
