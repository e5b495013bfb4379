"""What people type into a search or an address carries: read as plain values that the database can take, and looked for."""

import datetime
import re
import uuid

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import Q

_MONTH = re.compile(r"(199[0-9]|2[01][0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
_WORD = re.compile(r"[^\W_]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def text_of(value, most=60):
    """The text without NUL and without spaces around it, cut at so many characters."""
    return value.replace("\x00", "").strip()[:most]


def number_of(value, digits=14):
    """A whole number in ASCII digits, so many at most; None for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= digits else None


def uuid_of(text):
    """A UUID; None for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def month_of(text):
    """The first day of a month from 1990 to 2199 that is written as 2026-11; None for anything else."""
    match = _MONTH.fullmatch(text)
    return datetime.date(int(match[1]), int(match[2]), 1) if match else None


def day_of(text):
    """The date that is written as 2026-11-18; None for anything else."""
    try:
        return datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def begins_with(text, *columns):
    """Rows of which one of these columns begins like the text, whatever its case; all rows for no text."""
    found = Q()
    for column in columns if text else ():
        found |= Q(**{f"{column}__istartswith": text})
    return found


def words_of(name):
    """A name as its words, whatever their case; a table in which people look for names has a GIN index of it."""
    return SearchVector(name, config="simple")


def called(text, *names):
    """Rows of which one of these columns has words that begin like those of the text: "ohl" finds Bäckerei Ohlsen; all rows for no text."""
    asked = " & ".join(f"'{word}':*" for word in _WORD.findall(text))
    found = begins_with(text, *names)
    for name in names if asked else ():
        found |= Q(SearchVectorExact(words_of(name), SearchQuery(asked, config="simple", search_type="raw")))
    return found
