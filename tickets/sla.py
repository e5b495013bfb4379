"""Business time (SLA): when a target is due and how long something took, counting support hours only. Pure.

Hours are in the calendar's own time zone, so that days with a clock change have their real length.
A pause is (from, until); until is None while it is ongoing, and then nothing after its start counts.
"""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from policies.days import after, is_public_holiday

DAY = datetime.timedelta(days=1)
NONE = datetime.timedelta(0)
UNITS = {"minute": datetime.timedelta(minutes=1), "hour": datetime.timedelta(hours=1)}


@dataclass(frozen=True)
class Calendar:
    """Support hours: on `days` of the week (0 is Monday) from `start` to `end` (minutes after midnight), except holidays of `country`."""

    zone: ZoneInfo
    days: frozenset
    start: int
    end: int
    country: str = ""

    @property
    def is_never_open(self):
        return not self.days or self.start >= self.end

    def is_open(self, moment):
        """Return whether this moment is within support hours."""
        hours = _hours(self, moment.astimezone(self.zone).date())
        return bool(hours) and hours[0] <= moment < hours[1]


@lru_cache(maxsize=8192)
def _hours(calendar, day):
    """Return the start and end (in UTC) of the support hours on a day of the calendar, or None."""
    if calendar.is_never_open or day.weekday() not in calendar.days or is_public_holiday(day, calendar.country):
        return None
    return _moment(calendar, day, calendar.start), _moment(calendar, day, calendar.end)


def _moment(calendar, day, minutes):
    midnights, minutes = divmod(minutes, 24 * 60)
    local = datetime.datetime.combine(day + midnights * DAY, datetime.time(*divmod(minutes, 60)), tzinfo=calendar.zone)
    return local.astimezone(datetime.UTC)


def _working(calendar, start, pauses=()):
    """Yield the spans (from, until) from `start` on in which the clock runs; infinite unless a pause is ongoing."""
    if calendar.is_never_open:
        return
    day = start.astimezone(calendar.zone).date()
    pauses = sorted(pauses)
    while True:
        hours = _hours(calendar, day)
        day += DAY
        if hours is None or hours[1] <= start:
            continue
        opens, closes = max(hours[0], start), hours[1]
        for begun, until in pauses:
            if begun >= closes or (until and until <= opens):
                continue
            if begun > opens:
                yield opens, begun
            if until is None:
                return
            opens = until
        if opens < closes:
            yield opens, closes


def spans(calendar, start, count):
    """Return the first `count` spans (from, until) of support hours from `start` on; [] if there never are any."""
    return list(islice(_working(calendar, start), count))


def opening(calendar, day):
    """Return when support hours would start on this day, whether it is a working day or not."""
    return _moment(calendar, day, calendar.start)


def next_opening(calendar, day):
    """Return the start of support hours on this day or the next working day; if there is none, as in `opening`."""
    begins = opening(calendar, day)
    return next((opens for opens, _closes in spans(calendar, begins, 1)), begins)


def due(calendar, start, work, pauses=()):
    """Return when `work` (a timedelta of business time) has passed since `start`; None if never, or while a pause is ongoing."""
    if work <= NONE:
        return start
    left = work
    for opens, closes in _working(calendar, start, pauses):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return None


def worked(calendar, start, end, pauses=()):
    """Return the business time (a timedelta) between two moments, less the pauses."""
    total = NONE
    for opens, closes in _working(calendar, start, pauses):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def minutes(calendar, start, end, pauses=()):
    """Return the whole business minutes between two moments, less the pauses."""
    return worked(calendar, start, end, pauses) // UNITS["minute"]


def work_of(target, calendar, start):
    """Return a target (a Duration) as business time from `start` on; None if the calendar is never open.

    One business day ends with the day on which it began or, if it began outside support hours, with the next working day (SLA-3).
    A number of days, weeks or months ends with the first working day on or after that date.
    """
    if calendar.is_never_open:
        return None
    if target.unit in UNITS:
        return target.amount * UNITS[target.unit]
    if target.unit == "business day":
        return _days_of_work(calendar, start, target.amount)
    last = after(start.astimezone(calendar.zone).date(), target)
    while _hours(calendar, last) is None or _hours(calendar, last)[1] <= start:
        last += DAY
    return worked(calendar, start, _hours(calendar, last)[1])


def _days_of_work(calendar, start, amount):
    total = NONE
    for _day, (opens, closes) in zip(range(amount), _working(calendar, start), strict=False):
        total += closes - opens
    return total
