"""The support calendars as a table, with which the database itself computes when a generated ticket was due."""

import datetime

from tickets import sla
from tickets.services import clocks

FIFTH = 5


def write(cursor, now, span):
    """Create the temporary table load_day: for each region and day its support hours (those of the next working day if it is none), the
    hours of the following working day, and the support minutes before it. Return the stamp of the service level values."""
    cursor.execute(
        "CREATE TEMPORARY TABLE load_day (region text, day date, opens timestamptz, closes timestamptz, next_opens timestamptz, "
        "next_closes timestamptz, fifth timestamptz, next_fifth timestamptz, passed int, PRIMARY KEY (region, day)) ON COMMIT DROP"
    )
    promised = clocks.promises(now, fresh=True)
    with cursor.copy("COPY load_day FROM STDIN") as copy:
        for region, calendar in promised.calendars.items():
            for row in _days(calendar, now - span - sla.DAY, now + sla.DAY):
                copy.write_row((region, *row))
    cursor.execute("ANALYZE load_day")
    return promised.stamp


def _days(calendar, begin, end):
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = sla.spans(calendar, midnight, 2 * FIFTH + (end - midnight).days)
    place = passed = 0
    while hours and midnight <= end:
        if hours[place][1] <= midnight:
            passed += (hours[place][1] - hours[place][0]) // sla.UNITS["minute"]
            place += 1
            continue
        ends = [closes for _opens, closes in hours[place : place + FIFTH + 1]]
        yield (midnight.date(), *hours[place], *hours[place + 1], ends[FIFTH - 1], ends[FIFTH], passed)
        midnight += datetime.timedelta(days=1)
