"""What people type into a search or an address carries: read as plain values that the database can take, and looked for."""

from django.db.models import Q


def text_of(value, most=60):
    """The text without NUL and without spaces around it, cut at so many characters."""
    return value.replace("\x00", "").strip()[:most]


def number_of(value, digits=14):
    """A whole number in ASCII digits, so many at most; None for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= digits else None


def begins_with(text, *columns):
    """Rows of which one of these columns begins like the text, whatever its case; all rows for no text."""
    found = Q()
    for column in columns if text else ():
        found |= Q(**{f"{column}__istartswith": text})
    return found
