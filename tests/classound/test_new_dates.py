"""DID-5: a day proposed when a porting date is refused is never refused itself, whatever the dates."""

import datetime
import re

from dateutil.parser import parse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classound.rules import new_date_is_possible
from tests.cases.facts import a_book, a_did, a_pbx
from tests.thorough import tries

DAYS = st.dates(datetime.date(2025, 1, 1), datetime.date(2029, 12, 31))
AHEAD = st.integers(0, 800)
NAMED = re.compile(r"(?:next one is|days?:|months?:) (\d+ \w+ \d{4})")


def refusal(did, requested, day):
    """Return what is said about this date on that day; "" for one that can be requested."""
    return "".join(f.message for f in new_date_is_possible(did, requested, book=a_book(day), today=day, field="requested_date"))


@settings(max_examples=tries(400), deadline=None)
@given(today=DAYS, confirmed=AHEAD, requested=AHEAD, country=st.sampled_from(["DE", "GB", "IT", "US"]))
@example(today=datetime.date(2026, 11, 28), confirmed=9, requested=6, country="DE")  # the first day after the window is the confirmed one
@example(today=datetime.date(2026, 11, 28), confirmed=16, requested=14, country="DE")  # so is the next business day
@example(today=datetime.date(2026, 11, 28), confirmed=20, requested=400, country="DE")  # the last day of the year is a Sunday
def test_dates_named_in_a_refusal_are_possible(today, confirmed, requested, country):
    days = (today + datetime.timedelta(days=ahead) for ahead in (confirmed, requested))
    confirmed, requested = days
    did = a_did(a_pbx(), country=country, status="ordered", porting_date=confirmed, porting_confirmed=True)
    said = refusal(did, requested, today)
    assert (requested == confirmed) <= ("is already the confirmed date" in said)
    for named in NAMED.findall(said):
        assert refusal(did, parse(named).date(), today) == ""
    assert not said or NAMED.search(said) or requested == confirmed
