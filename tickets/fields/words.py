"""Answers in words: the value of a field in one line, for sentences and tables of changes."""

import datetime

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from classound.numbers import grouped
from policies.countries import country_title
from policies.wording import day_in_full
from tickets.fields.countries import CountryField
from tickets.fields.dates import IsoDateField
from tickets.fields.dids import DidsField
from tickets.fields.rows import RowsField

LONGEST = 200  # characters of a value in a line that describes its change


def in_words(field, value):
    """Return a stored answer (JSON) of this field in one line; "" for none. A value the field would not store is returned as it is."""
    if value in (None, "", []):
        return ""
    try:
        return _worded(field, value)
    except (AttributeError, KeyError, TypeError, ValueError):
        return str(value)


def display_value(field, value):
    """Return the display name of a boolean, a choice or a country; any other value as it is."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ChoiceField):
        return capfirst(str(dict(field.choices).get(value, value)))
    return country_title(value) if isinstance(field, CountryField) and value else value


def truncated(text):
    """Return the beginning of a long text, for a line that describes a change; the answers show the full text."""
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text


def changes(field, old, new):
    """Return the differences between two stored answers of this field, in words: [(label, old, new)]; equally many rows cell by cell."""
    label = str(field.label)
    if not (isinstance(field, RowsField) and old and new and len(old) == len(new)):
        return [(label, in_words(field, old) or "–", in_words(field, new) or "–")]
    cells, found = field.row_form.base_fields, []
    for number, (before, after) in enumerate(zip(old, new, strict=True), 1):
        place = _("Row %(number)s") % {"number": number} if len(new) > 1 else ""
        for name in [name for name in cells if before.get(name) != after.get(name)]:
            values = (in_words(cells[name], row.get(name)) or "–" for row in (before, after))
            found.append((" · ".join(filter(None, (place, str(cells[name].label)))), *values))
    return found


def _worded(field, value):
    if isinstance(field, RowsField):
        return "; ".join(_row(field.row_form.base_fields, row) for row in value)
    if isinstance(value, list):
        return ", ".join(in_words(field, one) for one in value)
    if isinstance(field, DidsField):
        return grouped(value)
    if isinstance(field, IsoDateField):
        return day_in_full(datetime.date.fromisoformat(value))
    return ", ".join(line.strip() for line in str(display_value(field, value)).splitlines() if line.strip())


def _row(fields, row):
    cells = [in_words(field, row.get(name)) for name, field in fields.items()]
    return " · ".join(filter(None, cells))
