"""Several relations of a ticket in a single query: rows of different models as JSON, turned back into model instances here.

The SQL is written out, so that a frequently opened page need not build it each time; it contains no user input.
"""

import json
from decimal import Decimal
from functools import cache

from django.db import connection, models

from tickets.models import Attachment, Confirmation, Event, Override, TicketCharge

# Relation of the ticket: the model, and the foreign key to follow.
RELATIONS = {
    "attachments": (Attachment, ""),
    "charges": (TicketCharge, "payer"),
    "confirmations": (Confirmation, "partner"),
    "overrides": (Override, "by"),
    "merged_files": (Attachment, ""),
}
KINDS = (
    f"(SELECT coalesce(jsonb_agg(kind), '[]') FROM (SELECT kind FROM {Event._meta.db_table} WHERE ticket_id = %(ticket)s"  # noqa: S608
    " OR (ticket_id = ANY(%(merged)s) AND kind = ANY(%(said)s)) ORDER BY at DESC, id DESC LIMIT %(most)s) latest)"
)


def read(ticket, names, **known):
    """Return {name: instances} for RELATIONS, and the "kinds" of the latest events; `known` has merged, said and most, see history."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(_column(name) for name in names)}", {"ticket": ticket.pk, **known})
        found = [json.loads(text, parse_float=Decimal) for text in cursor.fetchone()]
    return {name: rows if name == "kinds" else [_row(name, row) for row in rows] for name, rows in zip(names, found, strict=True)}


@cache
def _column(name):
    if name == "kinds":
        return KINDS
    model, key = RELATIONS[name]
    whose = "ANY(%(merged)s)" if name == "merged_files" else "%(ticket)s"
    row, join = "to_jsonb(r)", ""
    if key:
        row += f" || jsonb_build_object('{key}', to_jsonb(o) - 'password')"
        join = f" LEFT JOIN {model._meta.get_field(key).related_model._meta.db_table} o ON o.id = r.{key}_id"
    table = model._meta.db_table
    return f"(SELECT coalesce(jsonb_agg({row} ORDER BY r.id), '[]') FROM {table} r{join} WHERE r.ticket_id = {whose})"  # noqa: S608


def _row(name, values):
    model, key = RELATIONS[name]
    row = _made(model, values)
    if key:
        field = model._meta.get_field(key)
        field.set_cached_value(row, _made(field.related_model, values[key]) if values[key] else None)
    return row


def _made(model, values):
    fields = [(name, read) for name, read in _fields(model) if name in values]
    found = [read(values[name]) if read else values[name] for name, read in fields]
    return model.from_db("default", [name for name, _read in fields], found)


@cache
def _fields(model):
    """Return [(column, function to read its JSON, or None)]."""
    converted = (models.DateField, models.DecimalField)
    return [(field.attname, field.to_python if isinstance(field, converted) else None) for field in model._meta.concrete_fields]
