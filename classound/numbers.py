"""Parsing and formatting DID numbers and ranges (E.164, DID-3)."""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from django.utils.translation import gettext as _


class InvalidNumber(ValueError):
    """Raised for an invalid number; the message tells the person who entered it what is wrong."""


class Numbers(NamedTuple):
    """A number or a range: its canonical text, and its first and last number as integers."""

    text: str
    first: int
    last: int


def parse_number(text):
    """Parse "+49 89 8100 0400", "+49 (0)89 …" or the range "+3495201000X". Return Numbers; raise InvalidNumber."""
    compact = _compact(text)
    if not compact.isascii():
        raise InvalidNumber(_("Enter the number with the digits 0 to 9."))
    if not compact.startswith("+"):
        raise InvalidNumber(_("Enter the number with + and the country code, for example +498981000400."))
    match = re.fullmatch(r"\+([1-9][0-9]*)(X*)", compact)
    if not match:
        if re.fullmatch(r"\+[0-9X]+", compact) and "X" in compact:
            raise InvalidNumber(_("X stands for the last digits of a range and can only appear at its end, for example +3495201000X."))
        raise InvalidNumber(_("Only digits can follow the +, for example +498981000400."))
    digits, places = match[1], len(match[2])
    if not 7 <= len(digits) + places <= 15:
        raise InvalidNumber(_("A number has 7 to 15 digits, including the country code."))
    if places > 3:
        raise InvalidNumber(_("A range ends in X (10 numbers), XX (100) or XXX (1000)."))
    first = int(digits) * 10**places
    return Numbers(compact, first, first + 10**places - 1)


def dialled(text, country=""):
    """Return the digits meant by a number or its beginning, with trailing X for a range; "" if it is not a number.

    Accepts the ways people dial: "+49 30…", "+49 (0)30…", "0049 30…", "49 30…" and, within a country (ISO 3166), also "030…".
    """
    compact = _compact(text)
    if not re.fullmatch(r"\+?[0-9]+X{0,3}", compact, re.ASCII):
        return ""
    digits = compact.removeprefix("+").removeprefix("00")
    home = phonenumbers.PhoneMetadata.metadata_for_region(country) if digits == compact and country else None
    if home and home.national_prefix and digits.startswith(home.national_prefix) and digits.startswith("0"):
        return f"{home.country_code}{digits.removeprefix(home.national_prefix)}"
    return digits


def _compact(text):
    """Remove separators between digits, and the 0 that is not dialled after a country code: "+49 (0)30"."""
    if re.match(r"\s*(\+|00)", text):
        text = text.replace("(0)", "")
    return re.sub(r"[\s().\-‐‑–/]", "", text).upper()


@lru_cache(maxsize=20_000)  # lists show the same numbers repeatedly
def grouped(text):
    """Return a number or range grouped for reading: "+49 89 8100050X". Other text, such as a serial number, is unchanged."""
    if not text.startswith("+"):
        return text
    places = len(text) - len(text.rstrip("X"))
    try:
        shown = phonenumbers.format_number(phonenumbers.parse(text.replace("X", "0")), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return text
    characters = list(shown)
    digits = [place for place, character in enumerate(characters) if character.isdigit()]
    for place in digits[len(digits) - places :]:
        characters[place] = "X"
    return "".join(characters)


def spaced(text):
    """Like grouped, with spaces only: spreadsheets read a hyphen as a minus, and bare digits as an amount without the plus."""
    return grouped(text).replace("-", " ")
