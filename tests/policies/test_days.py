"""Calendar months, leap years, business days over the public holidays of each country."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.days import UNITS, Duration, add_business_days, after, before, is_business_day, parse_duration


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        (date(2026, 8, 31), "6 months", date(2027, 2, 28)),
        (date(2027, 8, 31), "6 months", date(2028, 2, 29)),
        (date(2028, 2, 29), "1 year", date(2029, 2, 28)),
        (date(2028, 2, 29), "4 years", date(2032, 2, 29)),
        (date(2096, 2, 29), "4 years", date(2100, 2, 28)),
        (date(2026, 1, 30), "1 month", date(2026, 2, 28)),
        (date(2026, 12, 31), "2 months", date(2027, 2, 28)),
        (date(2026, 12, 18), "2 weeks", date(2027, 1, 1)),
        (date(2026, 12, 18), "14 days", date(2027, 1, 1)),
        (date(2026, 11, 18), "0 months", date(2026, 11, 18)),
    ],
)
def test_after_adds_the_duration(start, duration, end):
    assert after(start, parse_duration(duration)) == end


@pytest.mark.parametrize(
    ("end", "duration", "start"),
    [
        (date(2027, 3, 1), "1 month", date(2027, 2, 1)),
        (date(2027, 2, 28), "1 month", date(2027, 1, 31)),
        (date(2027, 2, 27), "1 month", date(2027, 1, 27)),
        (date(2029, 2, 28), "1 year", date(2028, 2, 29)),
        (date(2027, 1, 1), "1 day", date(2026, 12, 31)),
    ],
)
def test_before_subtracts_the_duration(end, duration, start):
    assert before(end, parse_duration(duration)) == start


@settings(deadline=None)
@given(
    st.dates(date(1995, 1, 1), date(2090, 1, 1)), st.integers(0, 60), st.sampled_from([unit for unit in UNITS if unit != "business day"])
)
def test_before_is_the_last_day_from_which_the_duration_has_passed(end, amount, unit):
    start = before(end, Duration(amount, unit))
    assert after(start, Duration(amount, unit)) <= end
    assert after(date.fromordinal(start.toordinal() + 1), Duration(amount, unit)) > end


@pytest.mark.parametrize(
    ("country", "start", "amount", "end"),
    [
        ("IT", date(2026, 12, 22), 5, date(2026, 12, 30)),  # over Christmas and St Stephen's
        ("DE", date(2026, 9, 30), 3, date(2026, 10, 5)),  # 3 October, Unity Day, is a Saturday
        ("DE", date(2025, 10, 1), 2, date(2025, 10, 6)),  # 3 October is a Friday
        ("GB", date(2026, 12, 24), 1, date(2026, 12, 29)),  # 26 December is a Saturday, observed on Monday
        ("GB", date(2026, 4, 2), 1, date(2026, 4, 7)),  # Easter Monday is a holiday in England, not in all of the United Kingdom
        ("GB", date(2026, 8, 28), 1, date(2026, 9, 1)),  # so is the last Monday in August
        ("US", date(2026, 11, 25), 1, date(2026, 11, 27)),  # Thanksgiving
        ("US", date(2026, 7, 2), 1, date(2026, 7, 6)),  # 4 July is a Saturday, observed on Friday
        ("FR", date(2026, 5, 7), 1, date(2026, 5, 11)),  # 8 May is a Friday
        ("FR", date(2026, 7, 13), 1, date(2026, 7, 15)),  # 14 July
        ("", date(2026, 12, 24), 1, date(2026, 12, 25)),  # an unknown country has only weekends
        ("XX", date(2026, 12, 25), 1, date(2026, 12, 28)),
    ],
)
def test_business_days_skip_holidays(country, start, amount, end):
    assert add_business_days(start, amount, country) == end
    assert after(start, Duration(amount, "business day"), country) == end


def test_five_business_days_before_a_german_porting():
    # Back from Wednesday 6 May 2026 over a weekend and 1 May, which is a Friday.
    assert before(date(2026, 5, 6), Duration(5, "business day"), "DE") == date(2026, 4, 28)
    assert before(date(2026, 5, 6), Duration(5, "business day"), "GB") == date(2026, 4, 28)  # the May bank holiday is Monday, 4 May


def test_the_last_business_day_before_a_holiday():
    assert is_business_day(date(2026, 12, 24), "IT")
    assert not is_business_day(date(2026, 12, 25), "IT")
    assert add_business_days(date(2026, 12, 25), -1, "IT") == date(2026, 12, 24)
    assert add_business_days(date(2026, 12, 24), 1, "IT") == date(2026, 12, 28)


def test_zero_business_days_is_the_day_itself():
    assert add_business_days(date(2026, 11, 21), 0, "IT") == date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(("text", "stored"), [("1 Years", "1 year"), ("2month", "2 months"), ("0 days", "0 days")])
def test_duration_is_stored_with_its_unit_in_the_right_number(text, stored):
    assert str(parse_duration(text)) == stored


@pytest.mark.parametrize("text", ["", "months", "6 m", "1 businessday", "1234567890 days", "6 months ago"])
def test_invalid_durations_are_rejected(text):
    with pytest.raises(ValueError, match="a number and a unit"):
        parse_duration(text)
