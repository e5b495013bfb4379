"""SLA-1: Business time in cases (business_time.yaml), and its properties whatever the calendar, start, target and pauses."""

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.days import Duration, parse_duration
from policies.tables import WindowUnit
from tests.yaml_files import read
from tickets.sla import NONE, Calendar, due, minutes, work_of, worked

FILE = read(Path(__file__).with_name("business_time.yaml"))
UNITS = ("minute", "hour", "business day", "day", "week")


def calendar_of(zone, days, hours, country=""):
    window = WindowUnit().read(WindowUnit().clean(hours))
    return Calendar(ZoneInfo(zone), frozenset(days), window.start, window.end, country)


CALENDARS = {name: calendar_of(**facts) for name, facts in FILE["calendars"].items()}


def moment(text, calendar):
    zone = datetime.UTC if text.endswith("Z") else calendar.zone
    return datetime.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=zone).astimezone(datetime.UTC)


def facts(case):
    calendar = CALENDARS[case.get("calendar", "rome")]
    pauses = [
        tuple(moment(side.strip(), calendar) if side.strip() else None for side in pause.split("/")) for pause in case.get("pauses", ())
    ]
    return calendar, moment(str(case["start"]), calendar), pauses


@pytest.mark.parametrize("case", FILE["due"], ids=lambda case: case["title"])
def test_due_time(case):
    calendar, start, pauses = facts(case)
    work = work_of(parse_duration(case["target"], units=UNITS), calendar, start)
    found = None if work is None else due(calendar, start, work, pauses)
    assert found == (None if case["due"] == "never" else moment(str(case["due"]), calendar))


@pytest.mark.parametrize("case", FILE["minutes"], ids=lambda case: case["title"])
def test_minutes_worked(case):
    calendar, start, pauses = facts(case)
    assert minutes(calendar, start, moment(str(case["end"]), calendar), pauses) == case["minutes"]


def test_titles_are_unique():
    for cases in (FILE["due"], FILE["minutes"]):
        assert len({case["title"] for case in cases}) == len(cases)


BEGINNING = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
moments = st.timedeltas(NONE, datetime.timedelta(days=730)).map(lambda gone: BEGINNING + gone)
lengths = st.timedeltas(NONE, datetime.timedelta(days=4))
open_calendars = st.builds(
    lambda zone, days, ends, country: Calendar(ZoneInfo(zone), frozenset(days), min(ends), max(ends), country),
    st.sampled_from(["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    st.sets(st.integers(0, 6), min_size=1),
    st.sets(st.integers(0, 1440), min_size=2, max_size=2),
    st.sampled_from(["", "IT", "US"]),
)
targets = st.one_of(
    st.builds(Duration, st.integers(1, 3000), st.just("minute")), st.builds(Duration, st.integers(1, 6), st.sampled_from(UNITS[2:]))
)


@settings(deadline=None)
@given(open_calendars, moments, targets, st.lists(st.tuples(moments, lengths), max_size=4), lengths)
def test_business_time_between_start_and_due_equals_the_target(calendar, start, target, begun, gap):
    pauses = [(start + (at - start) % datetime.timedelta(days=20), at) for at, _length in begun]
    pauses = [(first, first + length) for (first, _at), (_begun, length) in zip(pauses, begun, strict=True)]
    work = work_of(target, calendar, start)
    end = due(calendar, start, work, pauses)
    assert worked(calendar, start, end, pauses) == work
    assert worked(calendar, start, end - datetime.timedelta.resolution, pauses) < work, "and not a moment earlier"
    assert end >= due(calendar, start, work), "a pause brings nothing forward"
    assert worked(calendar, start, end) == worked(calendar, start, start + gap) + worked(calendar, start + gap, max(end, start + gap)) or (
        start + gap > end
    ), "time is counted once, wherever it is cut"


@settings(deadline=None)
@given(open_calendars, moments, moments)
def test_around_the_clock_calendar_counts_the_plain_difference(calendar, one, other):
    always = Calendar(calendar.zone, frozenset(range(7)), 0, 1440)
    assert worked(always, one, other) == max(other - one, NONE)
