"""Line-by-line changes of a new value, so that nobody saves a table without seeing which rows differ."""

from typing import NamedTuple

ROWS = ("table", "list")  # units whose values are compared part by part


class Line(NamedTuple):
    """One line of a comparison; `sign` is "−" for removed, "+" for added, "" for unchanged."""

    sign: str
    text: str


def lines(unit, old, new):
    """Return the Lines between two stored values: row by row for tables, item by item for lists, otherwise the whole value."""
    before, after = _parts(unit, old), _parts(unit, new)
    gone = [Line("−", part) for part in before if part not in after]
    return gone + [Line("" if part in before else "+", part) for part in after]


def _parts(unit, stored):
    if unit.name in ROWS:
        return [unit.show([part]) for part in stored]
    return [unit.show(stored)]
