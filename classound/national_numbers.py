"""Resolving numbers typed without a country code, which can match one number in each country with numbers."""

import re

import phonenumbers
from django.db import connection

from classound.numbers import dialled

# The country whose dialling rules apply to each calling code: "+49" is DE, "+1" is US for all of North America.
COUNTRIES = {f"+{code}": places[0] for code, places in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items() if places[0] != "001"}
# One index probe per calling code, however many numbers there are.
IN_USE = """
    SELECT code FROM unnest(%s::text[]) AS code
    WHERE EXISTS (SELECT FROM classound_did WHERE number ~>=~ code AND number ~<~ (code || ':')) ORDER BY code
"""


def candidate_numbers(text):
    """Return the numbers (digits of E.164) that the text can mean: as written, then as dialled within each country.

    Empty if it is not a complete number. One query, or none if the text includes the country code.
    """
    digits = dialled(text)
    if not digits.isdigit() or not 6 <= len(digits) <= 15:
        return []
    found = [] if digits.startswith("0") else [digits]
    if not re.match(r"\s*(\+|00)", text):
        found += filter(None, (_dialled_in(country, text) for country in countries()))
    return [number for number in dict.fromkeys(found) if 7 <= len(number) <= 15]


def countries():
    """Return the countries (ISO 3166) with any number, including cancelled ones. One query."""
    with connection.cursor() as cursor:
        cursor.execute(IN_USE, [list(COUNTRIES)])
        return [COUNTRIES[code] for (code,) in cursor.fetchall()]


def _dialled_in(country, text):
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
