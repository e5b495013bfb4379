"""What a new value changes, line by line, so that nobody saves a table without seeing which rows differ."""

from typing import NamedTuple

ROWS = ("table", "list")  # units whose values are compared part by part


class Line(NamedTuple):
    """One line of a comparison; `sign` is "−" for what goes, "+" for what comes, "" for what stays."""

    sign: str
    text: str


def lines(unit, old, new):
    """The Lines from one stored value to another: row by row for tables, word by word for lists, else the whole value."""
    before, after = _parts(unit, old), _parts(unit, new)
    gone = [Line("−", part) for part in before if part not in after]
    return gone + [Line("" if part in before else "+", part) for part in after]


def _parts(unit, stored):
    if unit.name in ROWS:
        return [unit.show([part]) for part in stored]
    return [unit.show(stored)]
