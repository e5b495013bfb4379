"""Numbers as people say them: without a country they can mean one in each country in which there are numbers."""

import re

import phonenumbers
from django.db import connection

from classound.numbers import dialled

# The country whose way of dialling goes with each calling code: "+49" is DE, "+1" US for all of North America.
COUNTRIES = {f"+{code}": places[0] for code, places in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items() if places[0] != "001"}
# A step in the index of the numbers for each calling code there is, however many numbers there are.
IN_USE = """
    SELECT code FROM unnest(%s::text[]) AS code
    WHERE EXISTS (SELECT FROM classound_did WHERE number ~>=~ code AND number ~<~ (code || ':')) ORDER BY code
"""


def meanings(text):
    """The numbers (digits of E.164) that somebody can mean by this: the number as it stands, then as it is dialled in each country.

    Nothing for what is no whole number. One question, none where the text says the country itself.
    """
    digits = dialled(text)
    if not digits.isdigit() or not 6 <= len(digits) <= 15:
        return []
    found = [] if digits.startswith("0") else [digits]
    if not re.match(r"\s*(\+|00)", text):
        found += filter(None, (_dialled_in(country, text) for country in countries()))
    return [number for number in dict.fromkeys(found) if 7 <= len(number) <= 15]


def countries():
    """The countries (ISO 3166) in which there is any number, a cancelled one too. One question."""
    with connection.cursor() as cursor:
        cursor.execute(IN_USE, [list(COUNTRIES)])
        return [COUNTRIES[code] for (code,) in cursor.fetchall()]


def _dialled_in(country, text):
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
