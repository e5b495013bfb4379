"""What people may write for each unit, what the rules get, and how every refusal reads."""

import datetime
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pbx.models import Licence, Pbx
from policies.catalog.products import LICENCE_NAMES, TERM_NAMES
from policies.codes import Choice, Code, Country, Languages, Weekdays, Words
from policies.countries import COUNTRIES
from policies.days import Duration
from policies.tables import Table, Window, WindowUnit
from policies.units import (
    COUNT,
    MONEY,
    PERCENT,
    TEXT,
    Clock,
    Day,
    DurationUnit,
    Target,
    TimeZone,
    Version,
)

MONTHS = DurationUnit("month")
AMOUNTS = Table((("region", Choice(("US", "UK"))), ("amount", MONEY)), words="{0} {1}")
DISCOUNTS = Table((("code", TEXT), ("from", COUNT), ("discount", PERCENT)), may_be_empty=True)


@pytest.mark.parametrize(
    ("unit", "written", "read", "shown"),
    [
        (MONTHS, "7", Duration(7, "month"), "7 months"),
        (MONTHS, 7, Duration(7, "month"), "7 months"),
        (MONTHS, " 1 Year ", Duration(1, "year"), "1 year"),
        (MONTHS, "5 business days", Duration(5, "business day"), "5 business days"),
        (MONTHS, "0 months", Duration(0, "month"), "0 months"),
        (MONTHS, "100 years", Duration(100, "year"), "100 years"),
        (Target(), "1000 hours", Duration(1000, "hour"), "1000 hours"),
        (Target(), "1 Business Day", Duration(1, "business day"), "1 business day"),
        (Country(), "it", "IT", "IT"),
        (TimeZone(), "America/New_York", ZoneInfo("America/New_York"), "New York time"),
        (TimeZone(), "UTC", ZoneInfo("UTC"), "UTC"),
        (Choice(("EU", "US"), called=(("EU", "Europe"),)), "EU", "EU", "Europe"),
        (Choice(("EU", "US"), called=(("EU", "Europe"),)), "US", "US", "US"),
        (Weekdays(), "mon,tue,wed,thu,fri", (0, 1, 2, 3, 4), "Monday to Friday"),
        (Weekdays(), "fri, mon", (4, 0), "Monday, Friday"),
        (Weekdays(), "sat,mon,tue,wed", (5, 0, 1, 2), "Monday to Wednesday, Saturday"),
        (Weekdays(), "sat,sun", (5, 6), "Saturday, Sunday"),
        (Weekdays(), "", (), "none"),
        (Code(), "did_cancel", "did_cancel", "Cancel numbers"),
        (Code(), "*", "*", "any type"),
        (MONEY, "50", Decimal("50.00"), "50.00"),
        (MONEY, 49.5, Decimal("49.50"), "49.50"),
        (MONEY, "-0", Decimal("0.00"), "0.00"),
        (MONEY, "10000", Decimal(10000), "10,000.00"),
        (PERCENT, "12.50", Decimal("12.50"), "12.5 %"),
        (PERCENT, 100, Decimal(100), "100 %"),
        (COUNT, "10", 10, "10"),
        (Day(), "2028-02-29", datetime.date(2028, 2, 29), "29 February 2028"),
        (Clock(), "9:05", datetime.time(9, 5), "09:05"),
        (WindowUnit(), "22:00-24:00", Window(1320, 1440), "22:00–24:00"),
        (WindowUnit(), "09:30-17:45", Window(570, 1065), "09:30–17:45"),
        (WindowUnit(), "09:30-09:30", Window(570, 570), "09:30–09:30"),
        (TEXT, "  plain words ", "plain words", "plain words"),
        (TEXT, "x" * 500, "x" * 500, "x" * 500),
        (COUNTRIES, "DE, IT ,DE", ("DE", "IT"), "Germany, Italy"),
        (COUNTRIES, [], (), "none"),
        (COUNTRIES, "DE, ,", ("DE",), "Germany"),
        (Words(), ["", "a", " "] * 33, ("a",), "a"),
        (Languages(), "en, qqq", ("en", "qqq"), "English, qqq"),
        (Languages(), "", (), "none"),
        (Version(), "5.03.20210623.1", "5.03.20210623.1", "5.03.20210623.1"),
        (Version(), "1" * 40, "1" * 40, "1" * 40),
        (Version(pattern=True), "3.88*", "3.88*", "3.88 and its updates"),
        (Version(pattern=True), "*", "*", "any version"),
        (AMOUNTS, [["US", "5"], ["UK", 4.5]], (("US", Decimal("5.00")), ("UK", Decimal("4.50"))), "US 5.00; UK 4.50"),
        (DISCOUNTS, [], (), "none"),
        (DISCOUNTS, [["A", "10", "5"], ["A", "20", "8"]], (("A", 10, Decimal(5)), ("A", 20, Decimal(8))), "A 10 5 %; A 20 8 %"),
    ],
)
def test_values_are_cleaned_read_and_shown(unit, written, read, shown):
    stored = unit.clean(written)
    assert unit.read(stored) == read
    assert unit.show(stored) == shown
    assert unit.clean(stored) == stored, "what is stored can be written again"


@pytest.mark.parametrize(
    ("unit", "written", "why"),
    [
        (Target(), "2 weeks", "for example “6 hours”"),
        (Target(), "0 minutes", "from 1 to 1000"),
        (Country(), "XX", "public holidays are known"),
        (Code(), "DID cancel", "or * for all others"),
        (Code(), "did_cansel", "no type of request did_cansel"),
        (MONTHS, "", "500 characters"),
        (MONTHS, None, "text or a number"),
        (MONTHS, True, "text or a number"),
        (MONTHS, "six months", "a number and a unit"),
        (MONTHS, "-6 months", "a number and a unit"),
        (MONTHS, "6.5 months", "a number and a unit"),
        (MONTHS, "6 fortnights", "a number and a unit"),
        (MONTHS, "٦ months", "a number and a unit"),
        (MONTHS, "101 years", "At most 100 years"),
        (MONTHS, "1201", "At most 1200 months"),
        (Target(), "1001 minutes", "from 1 to 1000"),
        (MONEY, "fifty", "at most 2 decimals"),
        (MONEY, "50.001", "at most 2 decimals"),
        (MONEY, "NaN", "at most 2 decimals"),
        (MONEY, "1e3", "at most 2 decimals"),
        (MONEY, "1_000", "at most 2 decimals"),
        (MONEY, "５０", "at most 2 decimals"),
        (MONEY, "-1", "from 0 to 1000000"),
        (MONEY, "1000000.01", "from 0 to 1000000"),
        (MONEY, ["50"], "text or a number"),
        (PERCENT, "100.01", "from 0 to 100"),
        (COUNT, "1.5", "whole number"),
        (Day(), "2027-02-29", "YYYY-MM-DD"),
        (Day(), "20270101", "YYYY-MM-DD"),
        (Day(), "01/02/2027", "YYYY-MM-DD"),
        (Clock(), "24:00", "HH:MM"),
        (Clock(), "14:00+02:00", "HH:MM"),
        (WindowUnit(), "22:00", "two times"),
        (WindowUnit(), "22:00-06:00", "on the same day"),
        (WindowUnit(), "22:00-24:30", "two times"),
        (TEXT, "two\nlines", "on one line"),
        (TEXT, "x" * 501, "500 characters"),
        (TEXT, "nul\x00", "on one line"),
        (COUNTRIES, "DE, de", "Not a code: de"),
        (COUNTRIES, {"DE": 1}, "separated by commas"),
        (COUNTRIES, [["DE"]], "text or a number"),
        (COUNTRIES, ["D\x00"], "on one line"),
        (Words(of=("a", "b")), "a, c", "c is not one of: a, b"),
        (Words(may_be_empty=False), "", "at least one code"),
        (Words(), "a," * 100 + "a", "up to 100 codes"),
        (Choice(("US", "UK")), "FR", "FR is not one of: US, UK"),
        (TimeZone(), "Europe/Atlantis", "time zone such as"),
        (TimeZone(), "../../etc/passwd", "time zone such as"),
        (Version(), "5.03.", "version such as 5.03.20210623.1."),
        (Version(), "1" * 41, "version such as"),
        (Version(), "3.88*", "version such as"),
        (Version(pattern=True), "*3", "start of one with an asterisk"),
        (AMOUNTS, [], "at least one row"),
        (AMOUNTS, "US 5", "at least one row"),
        (AMOUNTS, [["US"]], "Row 1 needs 2 columns: region, amount"),
        (AMOUNTS, [["US", "5"], ["UK", "five"]], "Row 2, amount"),
        (AMOUNTS, [["US", "5"], ["US", "6"]], "the same case"),
        (AMOUNTS, [["US", "5"]] * 201, "at most 200"),
        (DISCOUNTS, [["A", "10", "5"], ["A", "10", "8"]], "the same case"),
    ],
)
def test_errors_explain_the_problem(unit, written, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        unit.clean(written)


def test_window_includes_its_start_and_excludes_its_end():
    window = WindowUnit().read("22:00–24:00")
    assert [window.holds(datetime.time(hour, minute)) for hour, minute in ((21, 59), (22, 0), (23, 59), (0, 0))] == [
        False,
        True,
        True,
        False,
    ]
    assert not WindowUnit().read("22:00–22:00").holds(datetime.time(22))


def test_licences_and_terms_have_the_estates_names():
    assert dict(LICENCE_NAMES) == dict(Licence.Type.choices)
    assert {code: str(name) for code, name in TERM_NAMES} == {code: str(name) for code, name in Pbx.Term.choices}
