"""DID-7: the expected times are those of the day on which they are read."""

import datetime

import pytest

from classound.lead_times import lead_times
from tests.cases.facts import a_book

LONGER = [{"code": "lead_time.full_porting_longest", "from": datetime.date(2026, 12, 1), "value": "5 weeks"}]


@pytest.mark.parametrize(("day", "said"), [("2026-11-30", "1 week to 3 weeks"), ("2026-12-01", "1 week to 5 weeks")])
def test_expected_times(day, said):
    told = lead_times(a_book(datetime.date.fromisoformat(day), LONGER))
    assert [fact["rule"] for fact in told] == ["DID-7"] * 3
    assert said in told[0]["text"] and "1 business day to 2 business days" in told[1]["text"] and "1 business day" in told[2]["text"]
