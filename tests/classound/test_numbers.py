"""Which numbers and ranges people can enter (DID-3), and what is said of others."""

import re

import pytest

from classound.numbers import InvalidNumber, parse_number


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("+49 891000 71X", 4989100071_0, 4989100071_9),
        ("+49 891000 7XX", 498910007_00, 498910007_99),
        ("+49 891000XXX", 49891000_000, 49891000_999),
        ("+1234567", 1234567, 1234567),
        ("+123456x", 123456_0, 123456_9),
        ("+123456789012345", 123456789012345, 123456789012345),
        ("+123456789012XXX", 123456789012_000, 123456789012_999),
    ],
)
def test_range_includes_every_number_that_its_places_stand_for(written, first, last):
    assert parse_number(written)[1:] == (first, last)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("+123456", "7 to 15 digits"),
        ("+12345X", "7 to 15 digits"),
        ("+1234567890123456", "7 to 15 digits"),
        ("+1234567890123XXX", "7 to 15 digits"),
        ("+49891000XXXX", "X (10 numbers), XX (100) or XXX (1000)"),
        ("+49891X00", "only appear at its end"),
        ("+X", "only appear at its end"),
        ("+49891000EXT", "Only digits can follow the +"),
        ("+0498910004", "Only digits can follow the +"),
        ("498910004", "with + and the country code"),
        ("+٤٩٨٩٨١٠٠٠٤٠٠", "the digits 0 to 9"),
    ],
)
def test_what_is_wrong_with_a_number_is_said(written, why):
    with pytest.raises(InvalidNumber, match=re.escape(why)):
        parse_number(written)
