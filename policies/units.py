"""The units a policy value can have: how staff write it, how rules read it, how people see it.

A unit turns what was written (text, or JSON from the API) into plain JSON for the database with `clean`, that JSON into
what the rules compute with by `read`, and into words by `show`. `clean` raises ValueError with a sentence for people.
`policies.tables` holds the units with several parts.
"""

import datetime
import re
import zoneinfo
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby

from django.utils.dates import WEEKDAYS as NAMES
from django.utils.translation import gettext as _

from policies.days import has_holidays, parse_duration

# Rules add durations to dates of this century; a longer one would leave the calendar of dates (year 9999).
LONGEST = {"year": 100, "month": 1200, "week": 5200, "day": 36500, "business day": 2500}


def written(raw):
    """What was written, as stripped text; raises ValueError for anything but text and figures."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise ValueError(_("Write a text or a number."))
    text = str(raw).strip()
    if not text or not text.isprintable() or len(text) > 500:
        raise ValueError(_("Write between 1 and 500 characters, all on one line."))
    return text


class Unit:
    """Plain text; the base of all units."""

    name = "text"

    def clean(self, raw):
        return written(raw)

    def read(self, stored):
        return stored

    def show(self, stored):
        return str(stored)


@dataclass(frozen=True)
class DurationUnit(Unit):
    """A number with year, month, week, day or business day. A bare number takes the default unit."""

    default: str
    name = "duration"

    def clean(self, raw):
        duration = parse_duration(written(raw), self.default)
        if duration.amount > LONGEST[duration.unit]:
            raise ValueError(_("At most %(amount)s %(unit)ss.") % {"amount": LONGEST[duration.unit], "unit": duration.unit})
        return str(duration)

    def read(self, stored):
        return parse_duration(stored)


@dataclass(frozen=True)
class Target(Unit):
    """A length of support time: minutes, hours or business days, at least one; read as a Duration."""

    name = "target"
    units = ("minute", "hour", "business day")

    def clean(self, raw):
        duration = parse_duration(written(raw), units=self.units)
        if not 0 < duration.amount <= 1000:
            raise ValueError(_("Write a target from 1 to 1000."))
        return str(duration)

    def read(self, stored):
        return parse_duration(stored, units=self.units)


@dataclass(frozen=True)
class Number(Unit):
    """A decimal between two bounds; also the figure of a fee, which is the same in USD, EUR and GBP.

    Read as a Decimal, or as an int where it has no decimals. `sign` follows the figure when shown.
    """

    name: str = "number"
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(1_000_000)
    places: int = 2
    sign: str = ""

    def clean(self, raw):
        text = written(raw)
        try:
            if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?", text, re.ASCII):
                raise InvalidOperation
            figure = Decimal(text)
            if figure != round(figure, self.places):
                raise InvalidOperation
        except InvalidOperation:
            if not self.places:
                raise ValueError(_("Write a whole number, for example “5”.")) from None
            raise ValueError(_("Write a number with at most %(places)s decimals, for example “50.00”.") % {"places": self.places}) from None
        if not self.least <= figure <= self.most:
            raise ValueError(_("Write a number from %(least)s to %(most)s.") % {"least": self.least, "most": self.most})
        return f"{abs(figure) if figure == 0 else figure:.{self.places}f}"

    def read(self, stored):
        return Decimal(stored) if self.places else int(stored)

    def show(self, stored):
        shown = stored if self.name == "money" or "." not in stored else stored.rstrip("0").rstrip(".")
        return f"{shown}{self.sign}"


@dataclass(frozen=True)
class Day(Unit):
    """A date, ISO 8601."""

    name = "date"

    def clean(self, raw):
        text = written(raw)
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
                raise ValueError
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError(_("Write a date as YYYY-MM-DD.")) from None

    def read(self, stored):
        return datetime.date.fromisoformat(stored)


@dataclass(frozen=True)
class Clock(Unit):
    """A time of day, HH:MM."""

    name = "time"

    def clean(self, raw):
        match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(:00)?", written(raw), re.ASCII)
        if not match:
            raise ValueError(_("Write a time as HH:MM."))
        return f"{match[1]:0>2}:{match[2]}"

    def read(self, stored):
        return datetime.time.fromisoformat(stored)


@dataclass(frozen=True)
class Version(Unit):
    """A WMS version such as 5.03.20210623.1; with `pattern` also its beginning and a star, such as 3.88* or just *."""

    pattern: bool = False
    name = "version"

    def clean(self, raw):
        text = written(raw)
        allowed = r"\*|[0-9]+(\.[0-9]+)*(\.?\*)?" if self.pattern else r"[0-9]+(\.[0-9]+)*"
        if len(text) > 40 or not re.fullmatch(allowed, text, re.ASCII):
            examples = _("Write a version such as 3.88, its beginning and a star (3.88*), or * for any.")
            raise ValueError(examples if self.pattern else _("Write a version such as 5.03.20210623.1."))
        return text


@dataclass(frozen=True)
class TimeZone(Unit):
    """A time zone of the IANA database; read as a ZoneInfo."""

    name = "time zone"

    def clean(self, raw):
        text = written(raw)
        if text not in zoneinfo.available_timezones():
            raise ValueError(_("Write a time zone such as Europe/Rome or America/New_York."))
        return text

    def read(self, stored):
        return zoneinfo.ZoneInfo(stored)

    def show(self, stored):
        place = stored.rpartition("/")[2].replace("_", " ")
        return _("%(place)s time") % {"place": place} if "/" in stored else stored


@dataclass(frozen=True)
class Country(Unit):
    """The ISO 3166 code of a country whose public holidays are known."""

    name = "country"

    def clean(self, raw):
        text = written(raw).upper()
        if not has_holidays(text):
            raise ValueError(_("Write the code of a country whose public holidays are known, for example IT."))
        return text


# {code: title} of the types of request. Types know policies and not the other way round: `tickets.types` fills it in.
KINDS = {}


@dataclass(frozen=True)
class Code(Unit):
    """The code of a type of request, or * for every other one."""

    name = "type"

    def clean(self, raw):
        text = written(raw)
        if not re.fullmatch(r"\*|[a-z][a-z0-9_]{2,39}", text, re.ASCII):
            raise ValueError(_("Write the code of a type of request, for example did_cancel, or * for all others."))
        if text != "*" and KINDS and text not in KINDS:
            raise ValueError(_("There is no type of request %(code)s.") % {"code": text})
        return text

    def show(self, stored):
        return _("any type") if stored == "*" else str(KINDS.get(stored, stored))


@dataclass(frozen=True)
class Choice(Unit):
    """One of the codes `of`; `called` are the words for those that people know by other names."""

    of: tuple
    called: tuple = ()
    name = "choice"

    def clean(self, raw):
        text = written(raw)
        if text not in self.of:
            raise ValueError(_("Not one of %(known)s: %(unknown)s.") % {"known": ", ".join(self.of), "unknown": text})
        return text

    def show(self, stored):
        return str(dict(self.called).get(stored, stored))


@dataclass(frozen=True)
class Words(Unit):
    """A list of codes, written with commas between them; `of` limits which, `pattern` how they look. May be empty unless told."""

    of: tuple = ()
    pattern: str = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}"
    may_be_empty: bool = True
    name = "list"

    def clean(self, raw):
        words = raw.split(",") if isinstance(raw, str) else raw
        if not isinstance(words, list | tuple) or len(words) > 100:
            raise ValueError(_("Write the codes with commas between them, a hundred at most."))
        words = [written(word) for word in words if word != "" and not (isinstance(word, str) and not word.strip())]
        if not words and not self.may_be_empty:
            raise ValueError(_("Write at least one code."))
        unknown = [word for word in words if (self.of and word not in self.of) or not re.fullmatch(self.pattern, word, re.ASCII)]
        if unknown and self.of:
            raise ValueError(_("Not one of %(known)s: %(unknown)s.") % {"known": ", ".join(self.of), "unknown": ", ".join(unknown)})
        if unknown:
            raise ValueError(_("Not a code: %(unknown)s.") % {"unknown": ", ".join(unknown)})
        return list(dict.fromkeys(words))

    def read(self, stored):
        return tuple(stored)

    def show(self, stored):
        return ", ".join(stored) or _("none")


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Weekdays(Words):
    """Days of the week by how their English names begin; read as numbers, Monday 0, and shown as "Monday to Friday"."""

    of: tuple = WEEKDAYS

    def read(self, stored):
        return tuple(WEEKDAYS.index(day) for day in stored)

    def show(self, stored):
        days, parts = sorted(self.read(stored)), []
        for _shift, in_a_row in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
            named = [str(NAMES[day]) for _place, day in in_a_row]
            parts += [_("%(first)s to %(last)s") % {"first": named[0], "last": named[-1]}] if len(named) > 2 else named
        return ", ".join(parts) or _("none")


TEXT = Unit()
MONEY = Number("money")
PERCENT = Number("percent", most=Decimal(100), sign=" %")
COUNT = Number("count", places=0)
COUNTRIES = Words(pattern=r"[A-Z]{2}")
