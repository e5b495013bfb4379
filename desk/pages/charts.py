"""Column chart of a report: geometry for a template that renders SVG. The table below the chart has the names and figures."""

from dataclasses import dataclass

WIDTH, HEIGHT = 960, 160


@dataclass(frozen=True)
class Column:
    """One bar with its label; `url` lists what it counts."""

    x: float
    y: float
    width: float
    height: float
    slot: float
    label: str
    url: str


@dataclass(frozen=True)
class Chart:
    """Bars side by side, WIDTH wide; `most` is the value of the highest bar, `marks` the labels below the axis."""

    columns: tuple
    most: str
    marks: tuple
    width: int = WIDTH
    height: int = HEIGHT


def columns(report):
    """Return the Chart of a report with a name and a number per row; None if there are no rows."""
    if not report.rows:
        return None
    slot = WIDTH / len(report.rows)
    gap = min(slot * 0.2, 6)
    drawn = []
    for place, row in enumerate(report.rows):
        name, number = row.cells[:2]
        height = round(HEIGHT * row.bar / 100, 1)
        x = round(place * slot + gap / 2, 2)
        drawn.append(
            Column(x, HEIGHT - height, round(slot - gap, 2), height, round(place * slot, 2), f"{name.text}: {number.text}", row.url)
        )
    names = [row.cells[0].text for row in report.rows]
    marks = (names[0], names[len(names) // 2], names[-1]) if len(names) > 2 else tuple(names)
    return Chart(tuple(drawn), f"{max(row.cells[1].raw for row in report.rows):,}", marks)
