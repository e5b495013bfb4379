"""The timeline of a policy as a chart: positions of bars and years, drawn by a template as SVG."""

import datetime
from dataclasses import dataclass

from policies.book import KEPT, REPLACED, TAKEN_BACK
from policies.timeline import Entry

WIDTH, MARGIN = 960, datetime.timedelta(days=240)
LETTER = 7.2  # the average width of a label character, in units of the chart


@dataclass(frozen=True)
class Bar:
    """One dated value: starts at `x`, spans `width`, with a label if it fits."""

    entry: Entry
    x: float
    width: float
    label: str


@dataclass(frozen=True)
class Picture:
    """A chart WIDTH wide: bars, the position of today, and (x, year) marks."""

    bars: tuple
    today_x: float
    years: tuple
    width: int = WIDTH


def picture(timeline, today):
    """Draw the Timeline; values without a start date begin at the left edge, the last one extends to the right edge."""
    entries = [entry for entry in timeline.entries if entry.state not in (REPLACED, KEPT, TAKEN_BACK)]
    days = [entry.valid_from for entry in entries if not entry.since_ever] + [today]
    first, last = min(days) - MARGIN, max(days) + MARGIN

    def place(day):
        return round(WIDTH * (min(max(day, first), last) - first).days / (last - first).days, 1)

    bars = []
    for entry in entries:
        x, end = place(entry.valid_from), place(entry.until or last)
        bars.append(Bar(entry, x, round(end - x, 1), _fitting(entry.shown, end - x)))
    step = max(1, (last.year - first.year) // 8)
    years = [(place(datetime.date(year, 1, 1)), year) for year in range(first.year + 1, last.year + 1, step)]
    return Picture(tuple(bars), place(today), tuple(years))


def _fitting(text, width):
    """Return the text, shortened to fit, or "" if hardly any of it would fit."""
    room = int((width - 16) / LETTER)
    return text if len(text) <= room else f"{text[: room - 1]}…" if room > 6 else ""
