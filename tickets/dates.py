"""Future dates named in a text, and the finding that a cancellation cannot be booked ahead (GEN-2)."""

import datetime
import re

from django.utils.translation import gettext as _

from policies.verdict import DENY, Finding
from policies.wording import day_in_full

_NAMES = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
# In full or as the first three letters (and Sept), so that "10 marketing lines" is not read as a day in March.
_ANY_MONTH = "(?:" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _NAMES) + "|sept)"
_MONTH = rf"\b(?P<month>{_ANY_MONTH})\b\.?"
_DAY = r"\b(?P<day>\d\d?)(?:st|nd|rd|th)?\b"
_YEAR = r"\b(?P<year>(?:19|20)\d\d)\b"
_NUMERIC = r"(?<![\d./-])(?P<day>\d\d?)(?P<sep>[./-])(?P<month>\d\d?)(?P=sep)(?P<year>(?:19|20)\d\d|\d\d)\b(?![./-]\d)"
_FORMS = (
    rf"{_YEAR}(?P<iso>[./-])(?P<month>\d\d?)(?P=iso)(?P<day>\d\d?)\b",
    _NUMERIC,
    # After such a word a day needs no year; with dots it must end in one, or "runs on 6.02" would be 6 February.
    r"\b(?:on|by|until|till|as of)\s+(?:the\s+)?(?P<day>\d\d?)(?:(?P<sep>/)|\.)(?P<month>\d\d?)(?(sep)(?![\d/])|\.(?!\d))",
    rf"{_DAY}[\s/-]+(?:of\s+)?{_MONTH}(?:[,\s/-]+{_YEAR})?",
    rf"{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?",
    rf"{_MONTH},?\s+{_YEAR}",
)
_DATE = [re.compile(form, re.ASCII | re.IGNORECASE) for form in _FORMS]
_MANY = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty|sixty|ninety)"
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
# The object to cancel, directly followed by the time: "cancel these numbers on Friday". "It closed on Friday" is about the past.
_WHAT = r"(?:\s+(?:it|them|this|these|those|that|the|all|both|my|our|of|please|numbers?|dids?|ranges?|pbx|services?|licen[cs]es?|lines?))"
_ENDS_THEN = (
    rf"(?:cancel|terminate|end|stop|close|disconnect|cancellation|termination){_WHAT}{{0,6}}"
    r"\s+(?:on|from|in|at|after|starting|effective|as of|with effect from)(?:\s+(?:the|this|coming))*"
    rf"\s+(?:(?P<weekday>{'|'.join(_WEEKDAYS)})|(?P<month>{_ANY_MONTH})\b(?!\.?,?\s+\d)|weekend|new year|christmas|easter|q[1-4]"
    rf"|\d\d?(?:st|nd|rd|th)\b(?!\s+(?:of\s+)?{_ANY_MONTH}\b))"
)
_SOON = "|".join(
    (
        r"tomorrow|tonight|midnight",
        rf"(?:end|last day|close) of (?:(?:the|this|next) )?(?:week|month|quarter|year|{_ANY_MONTH}\b)",
        r"next (?:week|month|quarter|year|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
        # "not used in 6 months" is about the past, "cancel it in 6 months" about the future.
        rf"(?:cancel|terminat|end|stop|clos|disconnect)\w*\b[^.,;!?]{{0,60}}\bin {_MANY} (?:day|week|month|year)s?",
        rf"{_MANY} (?:day|week|month|year)s? from (?:now|today)",
        r"(?:week|month|quarter|year)[ -]end",
        _ENDS_THEN,
    )
)
_LATER = re.compile(rf"\b(?:{_SOON})\b", re.ASCII | re.IGNORECASE)
# "Invoice due 3 December" is ignored unless the words before it ask for something: "cancel with the invoice of 3 December".
_END_OF_PART = re.compile(r"[.,;:!?\n]")
_BILL = re.compile(r"\b(?:invoice|bill|payment)s?\b", re.IGNORECASE)
_NEAR, _BEFORE = 40, 160  # characters between the bill word and the date, and characters before the date that are examined
_ASKS = re.compile(
    r"\b(?:cancel|terminat|end|stop|clos|disconnect|when|once|until|till|after|before|with|by|from|at|for)\w*\b", re.IGNORECASE
)


def named_dates(text, *, today, month_first=False):
    """Return the dates named in a text: 2027-03-01, 1.3.2027, 1/3/27, "on 1.3.", 1 March 2027, 1-Mar-2027, March 1st, March 2027.

    4/3/2027 is ambiguous: `month_first` decides. A month alone means its first day, and a day without a year the one nearest to
    `today`. Invalid dates and invoice dates are skipped.
    """
    found = (match for pattern in _DATE for match in pattern.finditer(text) if not _is_of_a_bill(text[: match.start()]))
    return sorted(filter(None, {_date(match.groupdict(), today, month_first) for match in found}))


def _is_of_a_bill(words):
    """Return whether the words before a date make it the date of an invoice without asking for anything on it."""
    part = _END_OF_PART.split(words[-_BEFORE:])[-1]
    bill = max(_BILL.finditer(part), key=re.Match.start, default=None)
    return bool(bill) and len(part) - bill.end() <= _NEAR and not _ASKS.search(part[: bill.start()])


def _date(parts, today, month_first):
    name, year, day = parts["month"], parts.get("year"), int(parts.get("day") or 1)
    if name == "may" and not year:  # "line 1 may go"
        return None
    month = int(name) if name.isdigit() else _number_of(name)
    if (parts.get("sep") in ("/", "-") and month_first and day <= 12) or month > 12 >= day:
        day, month = month, day
    readings = [_valid(whole, month, day) for whole in ([_whole(year)] if year else range(today.year - 1, today.year + 2))]
    return min(filter(None, readings), key=lambda reading: abs(reading - today), default=None)


def _whole(year):
    return int(year) if len(year) == 4 else 2000 + int(year)


def _valid(year, month, day):
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _later_words(text, today):
    """Return the words that name a future day, or "". "In December" and "on Friday" do not count during that month or on that day."""
    for found in _LATER.finditer(text):
        month, weekday = found["month"], found["weekday"]
        is_now = (month and _number_of(month) == today.month) or (weekday and _WEEKDAYS.index(weekday.lower()) == today.weekday())
        if not is_now:
            return found[0]
    return ""


def _number_of(month):
    """Return the number of a month name from _ANY_MONTH: 1 for "Jan" or "January"."""
    return [known[:3] for known in _NAMES].index(month[:3].lower()) + 1


def takes_effect_now(texts, *, book, month_first):
    """Deny texts ({field: text}) that name a later day, because a cancellation cannot be booked ahead (GEN-2).

    "Later" means after the day of the request (book.on), so that execution does not reinterpret an accepted text: "1 June" could then be
    in another year. A cancelled number is lost, so doubtful cases are denied: it is easy to leave a date out of the text.
    """
    findings = []
    for field, text in texts.items():
        later = [day for day in named_dates(text, today=book.on, month_first=month_first) if day > book.on]
        words = _later_words(text, book.on)
        if later or words:
            message = _(
                "A cancellation takes effect when it is processed and cannot be booked for a later date, but this text names one: "
                "“%(named)s”. Submit the request on that day, or remove the date to cancel now."
            )
            named = day_in_full(max(later)) if later else words
            findings.append(Finding("GEN-2", DENY, message % {"named": named}, field, allowed_from=max(later, default=None)))
    return findings
