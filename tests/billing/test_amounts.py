"""How amounts read in sentences and on buttons."""

from decimal import Decimal

import pytest

from billing.amounts import format_amount, format_amount_short


@pytest.mark.parametrize(
    ("amount", "shown", "in_short"),
    [
        ("5693.50", "5,693.50 EUR", "5,693.50 EUR"),
        ("5693.00", "5,693.00 EUR", "5,693 EUR"),
        ("0.99", "0.99 EUR", "0.99 EUR"),
        ("-0.10", "−0.10 EUR", "−0.10 EUR"),
        ("-50.00", "−50.00 EUR", "−50 EUR"),
        ("0.00", "0.00 EUR", "0 EUR"),
    ],
)
def test_amount_is_shown_in_full_and_in_short(amount, shown, in_short):
    assert (format_amount(Decimal(amount), "EUR"), format_amount_short(Decimal(amount), "EUR")) == (shown, in_short)
