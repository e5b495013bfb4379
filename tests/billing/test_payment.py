"""BIL-8: how an invoice can be paid, by the region of the partner and the day."""

import datetime

import pytest

from billing.rules import ways_to_pay
from tests.cases.facts import a_book

MORE = [{"code": "payment.portal_regions", "from": datetime.date(2026, 12, 1), "value": ["US", "UK"]}]


@pytest.mark.parametrize(
    ("region", "day", "in_portal"),
    [
        ("US", "2026-11-30", True),
        ("EU", "2026-11-30", False),
        ("UK", "2026-11-30", False),
        ("UK", "2026-12-01", True),
        ("EU", "2026-12-01", False),
    ],
)
def test_some_regions_pay_in_the_portal(region, day, in_portal):
    said = ways_to_pay(region, book=a_book(datetime.date.fromisoformat(day), MORE))
    assert ("in the portal" in said) == in_portal and "bank transfer" in said
    assert not any(sign.isdigit() for sign in said), "no account number is kept"
