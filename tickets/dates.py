"""GEN-2: later days that people name in a text, and why a cancellation cannot wait for one."""

import datetime
import re

from django.utils.translation import gettext as _

from policies.verdict import DENY, Finding
from policies.wording import day_in_full

_NAMES = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
# In full or as the first three letters (and Sept), so that "10 marketing lines" is no day in March.
_ANY_MONTH = "(?:" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _NAMES) + "|sept)"
_MONTH = rf"\b(?P<month>{_ANY_MONTH})\b\.?"
_DAY = r"\b(?P<day>\d\d?)(?:st|nd|rd|th)?\b"
_YEAR = r"\b(?P<year>(?:19|20)\d\d)\b"
_NUMERIC = r"(?<![\d./-])(?P<day>\d\d?)(?P<sep>[./-])(?P<month>\d\d?)(?P=sep)(?P<year>(?:19|20)\d\d|\d\d)\b(?![./-]\d)"
_FORMS = (
    rf"{_YEAR}(?P<iso>[./-])(?P<month>\d\d?)(?P=iso)(?P<day>\d\d?)\b",
    _NUMERIC,
    # After a word for it a day needs no year; with dots there is one at its end, or "runs on 6.02" were the 6th of February.
    r"\b(?:on|by|until|till|as of)\s+(?:the\s+)?(?P<day>\d\d?)(?:(?P<sep>/)|\.)(?P<month>\d\d?)(?(sep)(?![\d/])|\.(?!\d))",
    rf"{_DAY}[\s/-]+(?:of\s+)?{_MONTH}(?:[,\s/-]+{_YEAR})?",
    rf"{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?",
    rf"{_MONTH},?\s+{_YEAR}",
)
_DATE = [re.compile(form, re.ASCII | re.IGNORECASE) for form in _FORMS]
_MANY = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty|sixty|ninety)"
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
# What is to be cancelled and, right after it, when: "cancel these numbers on Friday". "It closed on Friday" looks back.
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
        # "not used in 6 months" looks back, "cancel it in 6 months" ahead.
        rf"(?:cancel|terminat|end|stop|clos|disconnect)\w*\b[^.,;!?]{{0,60}}\bin {_MANY} (?:day|week|month|year)s?",
        rf"{_MANY} (?:day|week|month|year)s? from (?:now|today)",
        r"(?:week|month|quarter|year)[ -]end",
        _ENDS_THEN,
    )
)
_LATER = re.compile(rf"\b(?:{_SOON})\b", re.ASCII | re.IGNORECASE)
# "Invoice due 3 December", where the words before it ask for nothing on that day: "cancel with the invoice of 3 December" does.
_END_OF_PART = re.compile(r"[.,;:!?\n]")
_BILL = re.compile(r"\b(?:invoice|bill|payment)s?\b", re.IGNORECASE)
_NEAR, _BEFORE = 40, 160  # characters from there to the date, and of the words before the date that are looked at
_ASKS = re.compile(
    r"\b(?:cancel|terminat|end|stop|clos|disconnect|when|once|until|till|after|before|with|by|from|at|for)\w*\b", re.IGNORECASE
)


def named_dates(text, *, today, month_first=False):
    """The dates a text names: 2027-03-01, 1.3.2027, 1/3/27, "on 1.3.", 1 March 2027, 1-Mar-2027, March 1st, March 2027.

    Of 4/3/2027 both readings are possible: `month_first` chooses. A month alone is its first day, and a day without a year the one
    nearest to `today`. What is no date, and the day of an invoice, is skipped.
    """
    found = (match for pattern in _DATE for match in pattern.finditer(text) if not _is_of_a_bill(text[: match.start()]))
    return sorted(filter(None, {_date(match.groupdict(), today, month_first) for match in found}))


def _is_of_a_bill(words):
    """Whether the words before a date say that it is the day of an invoice, and ask for nothing on it."""
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
    """The words of a text that name a later day whenever they are read; "in December" and "on Friday" may mean today's. "" for none."""
    for found in _LATER.finditer(text):
        month, weekday = found["month"], found["weekday"]
        is_now = (month and _number_of(month) == today.month) or (weekday and _WEEKDAYS.index(weekday.lower()) == today.weekday())
        if not is_now:
            return found[0]
    return ""


def _number_of(month):
    """1 for "Jan", "January"; the text is a name of _ANY_MONTH."""
    return [known[:3] for known in _NAMES].index(month[:3].lower()) + 1


def takes_effect_now(texts, *, book, month_first):
    """GEN-2: a cancellation cannot be booked ahead, so a text ({field: text}) that names a later day is refused.

    Later than the day of the request (book.on), when it was written: what was taken then is not read anew at execution, where "1 June"
    may be another year's. A cancelled number is lost, so in doubt it is refused: leaving a date out of the text is easy.
    """
    findings = []
    for field, text in texts.items():
        later = [day for day in named_dates(text, today=book.on, month_first=month_first) if day > book.on]
        words = _later_words(text, book.on)
        if later or words:
            message = _(
                "A cancellation takes effect when it is processed and cannot be booked for a later date, and this text names one: "
                "“%(named)s”. Ask again on the day, or leave the date out to have it done now."
            )
            named = day_in_full(max(later)) if later else words
            findings.append(Finding("GEN-2", DENY, message % {"named": named}, field, allowed_from=max(later, default=None)))
    return findings
