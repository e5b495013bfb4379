"""The units of policy values: how staff enter them, how rules read them, how people see them.

A unit converts input (text, or JSON from the API) to plain JSON for the database (`clean`), that JSON to the type rules compute with
(`read`), and to words (`show`). `clean` raises ValueError with a message for people. Units for codes and lists of codes are in
`policies.codes`, those with several parts in `policies.tables`.
"""

import datetime
import re
import zoneinfo
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from django.utils.translation import gettext as _

from policies.days import Duration, parse_duration
from policies.wording import day_in_full

# Rules add durations to dates of this century; longer ones would exceed the range of dates (year 9999).
LONGEST = {"year": 100, "month": 1200, "week": 5200, "day": 36500, "business day": 2500}


def cleaned_text(raw):
    """Return the input as stripped text; raises ValueError for anything but text and numbers."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise ValueError(_("Enter text or a number."))
    text = str(raw).strip()
    if not text or not text.isprintable() or len(text) > 500:
        raise ValueError(_("Enter between 1 and 500 characters on one line."))
    return text


class Unit:
    """Plain text, and the base class of all units."""

    name = "text"

    def clean(self, raw):
        return cleaned_text(raw)

    def read(self, stored):
        return stored

    def show(self, stored):
        return str(stored)


class DurationBase(Unit):
    """Base class of units that are read as a Duration."""

    def show(self, stored):
        return self.read(stored).in_words()


@dataclass(frozen=True)
class DurationUnit(DurationBase):
    """A number with year, month, week, day or business day. A bare number takes the default unit."""

    default: str
    name = "duration"

    def clean(self, raw):
        duration = parse_duration(cleaned_text(raw), self.default)
        if duration.amount > LONGEST[duration.unit]:
            raise ValueError(_("At most %(longest)s.") % {"longest": Duration(LONGEST[duration.unit], duration.unit).in_words()})
        return str(duration)

    def read(self, stored):
        return parse_duration(stored)


@dataclass(frozen=True)
class Target(DurationBase):
    """A length of support time: minutes, hours or business days, at least one; read as a Duration."""

    name = "target"
    units = ("minute", "hour", "business day")

    def clean(self, raw):
        duration = parse_duration(cleaned_text(raw), units=self.units)
        if not 0 < duration.amount <= 1000:
            raise ValueError(_("Enter a target from 1 to 1000."))
        return str(duration)

    def read(self, stored):
        return parse_duration(stored, units=self.units)


@dataclass(frozen=True)
class Number(Unit):
    """A decimal between two bounds; also the amount of a fee, which is the same in USD, EUR and GBP.

    Read as a Decimal, or as an int if it has no decimals. `sign` follows the figure when shown.
    """

    name: str = "number"
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(1_000_000)
    places: int = 2
    sign: str = ""

    def clean(self, raw):
        text = cleaned_text(raw)
        try:
            if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?", text, re.ASCII):
                raise InvalidOperation
            figure = Decimal(text)
            if figure != round(figure, self.places):
                raise InvalidOperation
        except InvalidOperation:
            if not self.places:
                raise ValueError(_("Enter a whole number, for example “5”.")) from None
            raise ValueError(_("Enter a number with at most %(places)s decimals, for example “50.00”.") % {"places": self.places}) from None
        if not self.least <= figure <= self.most:
            raise ValueError(_("Enter a number from %(least)s to %(most)s.") % {"least": self.least, "most": self.most})
        return f"{abs(figure) if figure == 0 else figure:.{self.places}f}"

    def read(self, stored):
        return Decimal(stored) if self.places else int(stored)

    def show(self, stored):
        if self.name == "money":
            return f"{Decimal(stored):,.{self.places}f}"
        return f"{stored.rstrip('0').rstrip('.') if '.' in stored else stored}{self.sign}"


@dataclass(frozen=True)
class Day(Unit):
    """A date, ISO 8601."""

    name = "date"

    def clean(self, raw):
        text = cleaned_text(raw)
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
                raise ValueError
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError(_("Enter a date as YYYY-MM-DD.")) from None

    def read(self, stored):
        return datetime.date.fromisoformat(stored)

    def show(self, stored):
        return day_in_full(self.read(stored))


@dataclass(frozen=True)
class Clock(Unit):
    """A time of day, HH:MM."""

    name = "time"

    def clean(self, raw):
        match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(:00)?", cleaned_text(raw), re.ASCII)
        if not match:
            raise ValueError(_("Enter a time as HH:MM."))
        return f"{match[1]:0>2}:{match[2]}"

    def read(self, stored):
        return datetime.time.fromisoformat(stored)


@dataclass(frozen=True)
class Version(Unit):
    """A WMS version such as 5.03.20210623.1; with `pattern` also a prefix with an asterisk, such as 3.88* or just *."""

    pattern: bool = False
    name = "version"

    def clean(self, raw):
        text = cleaned_text(raw)
        allowed = r"\*|[0-9]+(\.[0-9]+)*(\.?\*)?" if self.pattern else r"[0-9]+(\.[0-9]+)*"
        if len(text) > 40 or not re.fullmatch(allowed, text, re.ASCII):
            examples = _("Enter a version such as 3.88, the start of one with an asterisk (3.88*), or * for any.")
            raise ValueError(examples if self.pattern else _("Enter a version such as 5.03.20210623.1."))
        return text

    def show(self, stored):
        if stored == "*":
            return _("any version")
        return _("%(version)s and its updates") % {"version": stored.rstrip("*").rstrip(".")} if stored.endswith("*") else stored


@cache
def _time_zones():
    """Return the names of all time zones; finding them reads hundreds of files."""
    return frozenset(zoneinfo.available_timezones())


@dataclass(frozen=True)
class TimeZone(Unit):
    """A time zone of the IANA database; read as a ZoneInfo."""

    name = "time zone"

    def clean(self, raw):
        text = cleaned_text(raw)
        if text not in _time_zones():
            raise ValueError(_("Enter a time zone such as Europe/Rome or America/New_York."))
        return text

    def read(self, stored):
        return zoneinfo.ZoneInfo(stored)

    def show(self, stored):
        place = stored.rpartition("/")[2].replace("_", " ")
        return _("%(place)s time") % {"place": place} if "/" in stored else stored


TEXT = Unit()
MONEY = Number("money")
PERCENT = Number("percent", most=Decimal(100), sign=" %")
COUNT = Number("count", places=0)
