"""Calendar arithmetic for rules: durations with units, calendar months, business days of a country."""

import datetime
import re
from dataclasses import dataclass
from functools import cache, lru_cache

import holidays
from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from holidays.registry import EntityLoader

UNITS = ("year", "month", "week", "day", "business day")
WORDS = {
    "year": ngettext_lazy("%d year", "%d years"),
    "month": ngettext_lazy("%d month", "%d months"),
    "week": ngettext_lazy("%d week", "%d weeks"),
    "day": ngettext_lazy("%d day", "%d days"),
    "business day": ngettext_lazy("%d business day", "%d business days"),
    "hour": ngettext_lazy("%d hour", "%d hours"),
    "minute": ngettext_lazy("%d minute", "%d minutes"),
}


@dataclass(frozen=True)
class Duration:
    """A length of time with its unit, e.g. 6 months or 5 business days; str() gives English text, as stored."""

    amount: int
    unit: str

    def in_words(self):
        """Return the duration in words, in the active language."""
        return WORDS[self.unit] % self.amount

    def __str__(self):
        return f"{self.amount} {self.unit}" + ("" if self.amount == 1 else "s")


@lru_cache(maxsize=1024)
def parse_duration(text, default_unit=None, units=UNITS):
    """Turn "6 months" (or, with a default unit, 6) into a Duration. Raises ValueError with a sentence for people."""
    match = re.fullmatch(r"([0-9]{1,9})\s*([a-z][a-z ]*?)?s?", text.lower(), re.ASCII)
    unit = (match[2] or default_unit) if match else None
    if unit not in units:
        example = Duration(6, units[1])
        raise ValueError(
            _("Enter a number and a unit (%(units)s), for example “%(example)s”.") % {"units": ", ".join(units), "example": example}
        )
    return Duration(int(match[1]), unit)


@lru_cache(maxsize=8192)  # hundreds of numbers on one PBX are often activated on the same few days
def after(start, duration, country=""):
    """Return the first date on which `duration` from `start` has passed; 31 August + 6 months is the last day of February."""
    if duration.unit == "business day":
        return add_business_days(start, duration.amount, country)
    return start + relativedelta(**{duration.unit + "s": duration.amount})


def moment_after(at, duration):
    """Return the moment at which `duration` has passed since the moment `at`: the same time on a later day."""
    return at + (after(at.date(), duration) - at.date())


def before(end, duration, country=""):
    """Return the last date from which `duration` has passed by `end`; business days are counted back from `end`.

    One month before 28 February is 31 January, because a month from then has passed on 28 February.
    """
    if duration.unit == "business day":
        return add_business_days(end, -duration.amount, country)
    day = end - relativedelta(**{duration.unit + "s": duration.amount})
    while after(day + datetime.timedelta(days=1), duration) <= end:
        day += datetime.timedelta(days=1)
    return day


# Countries whose holidays are defined by region: carriers follow the region with the most numbers.
_PART = {"GB": "ENG"}


@lru_cache(maxsize=512)
def _public_holidays(country, year):
    try:
        return frozenset(holidays.country_holidays(country, subdiv=_PART.get(country), years=year))
    except NotImplementedError:  # a country without a published calendar has weekends only
        return frozenset()


def has_holidays(country):
    """Return whether the public holidays of the country (ISO 3166 code) are known."""
    return country in _countries_with_holidays()


@cache
def _countries_with_holidays():
    """Return the codes from the library's index; `list_supported_countries` would load the calendar of every country, in every process."""
    return frozenset(EntityLoader.get_country_codes())


def is_public_holiday(day, country):
    """Return whether the day is a public holiday in the country (ISO 3166 code; "" means no country)."""
    return day in _public_holidays(country, day.year)


def is_business_day(day, country):
    """Return whether the day is Monday to Friday and not a public holiday in the country (ISO 3166 code)."""
    return day.weekday() < 5 and day not in _public_holidays(country, day.year)


def add_business_days(start, amount, country):
    """Return the day `amount` business days after `start` (before it if negative); 0 is `start` itself, business day or not."""
    step = datetime.timedelta(days=1 if amount > 0 else -1)
    day = start
    for _step in range(abs(amount)):
        day += step
        while not is_business_day(day, country):
            day += step
    return day
