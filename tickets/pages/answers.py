"""The typed data of a ticket, for reading; taken from what was stored, without looking anything up."""

import datetime

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from classound.numbers import grouped
from tickets.fields import DidsField, IsoDateField, RowsField
from tickets.types import kind_of


def read(ticket):
    """The answers as a list of {label, value} (or number and display, or lines) in the order of the form."""
    fields = kind_of(ticket).form.base_fields
    shown = [_shown(fields[name], ticket.answers[name]) for name in fields if name in ticket.answers and name != "message"]
    return shown


def _table(fields, rows):
    """Rows of answers as {columns, rows}: only the columns that anything stands in; each cell has its column's label."""
    names = [name for name in fields if any(row.get(name) not in (None, "") for row in rows)]
    labels = {name: str(fields[name].label) for name in names}
    shown = [[{"label": labels[name], "value": _cell(fields[name], row.get(name, ""))} for name in names] for row in rows]
    return {"columns": list(labels.values()), "rows": shown}


def _cell(field, value):
    shown = _shown(field, value) if value != "" else {}
    return shown.get("display") or shown.get("value", value)


def _shown(field, value):
    label = str(field.label)
    if isinstance(field, RowsField):
        return {"label": label} | _table(field.row_form.base_fields, value)
    if isinstance(field, DidsField):
        lines = [{"number": text, "display": grouped(text)} for text in (value if isinstance(value, list) else [value])]
        return {"label": label, **lines[0]} if len(lines) == 1 else {"label": label, "lines": lines}
    if isinstance(value, list):
        return {"label": label, "lines": value}
    if isinstance(field, IsoDateField):
        return {"label": label, "value": datetime.date.fromisoformat(value)}
    if isinstance(field, forms.BooleanField):
        return {"label": label, "value": _("Yes") if value else _("No")}
    if isinstance(field, forms.ChoiceField):
        return {"label": label, "value": capfirst(dict(field.choices).get(value, value))}
    return {"label": label, "value": value}
