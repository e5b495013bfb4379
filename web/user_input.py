"""Parse text typed into searches and addresses into plain values that are safe for the database, and search by it."""

import datetime
import re
import uuid

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import Q

_MONTH = re.compile(r"(199[0-9]|2[01][0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
_WORD = re.compile(r"[^\W_]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(_DAY.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z")


def parse_text(value, most=60):
    """Return the text without NUL and surrounding spaces, cut to `most` characters."""
    return value.replace("\x00", "").strip()[:most]


def parse_number(value, digits=14):
    """Return a whole number in ASCII digits, at most so many; None for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= digits else None


def parse_uuid(text):
    """Return a UUID; None for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def parse_month(text):
    """Return the first day of a month from 1990 to 2199 written as 2026-11; None for anything else."""
    match = _MONTH.fullmatch(text)
    return datetime.date(int(match[1]), int(match[2]), 1) if match else None


def parse_day(text):
    """Return the date written as 2026-11-18; None for anything else."""
    try:
        return datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def parse_moment(text):
    """Return the moment written as 2026-11-18T10:00:00Z, with or without microseconds; None for anything else."""
    try:
        return datetime.datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None


def starts_with(text, *columns):
    """Return a Q for rows in which one of these columns starts with the text, ignoring case; for "", all rows."""
    found = Q()
    for column in columns if text else ():
        found |= Q(**{f"{column}__istartswith": text})
    return found


def words_of(name):
    """Return a name as a vector of words, ignoring case; tables searched by name have a GIN index on it."""
    return SearchVector(name, config="simple")


def name_matches(text, *names):
    """Return a Q for rows in which one of these columns has words with these prefixes: "ohl" finds Bäckerei Ohlsen; for "", all rows.

    In tables without an index on the beginning of the name, use it only for one partner's rows; `has_words` is for all of them.
    """
    found = starts_with(text, *names)
    for name in names if _WORD.search(text) else ():
        found |= has_words(text, name)
    return found


def has_words(text, name):
    """Return a Q for rows in which this column has words with the prefixes in the text, which must have one; see `words_of`."""
    asked = " & ".join(f"'{word}':*" for word in _WORD.findall(text))
    return Q(SearchVectorExact(words_of(name), SearchQuery(asked, config="simple", search_type="raw")))
