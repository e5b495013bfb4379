"""Rows of several kinds about one thing in a single question to the database: as arrays of JSON, made rows again here."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, TextField
from django.db.models.functions import Cast, JSONObject


def read(one, **wanted):
    """{name: the rows, as a list} of querysets about `one` (a row); with what they select_related. Nothing wanted asks nothing.

    A queryset of single values gives a list of these.
    """
    if not wanted:
        return {}
    columns = {f"n_{name}": _column(rows) for name, rows in wanted.items()}
    found = type(one)._base_manager.filter(pk=one.pk).order_by().values(**columns).get()
    return {
        name: found[f"n_{name}"] if rows._fields else [_row(rows.model, row, _related(rows)) for row in found[f"n_{name}"]]
        for name, rows in wanted.items()
    }


def as_read(rows, found):
    """The queryset with these as its result, as if it had been asked."""
    rows._result_cache, rows._prefetch_done = found, True
    return rows


def _column(rows):
    if rows._fields:
        return ArraySubquery(rows)
    names = {**_fields(rows.model), **{path: F(path) for name in _related(rows) for path in _paths(rows.model, name)}}
    return ArraySubquery(rows.values(row=JSONObject(**names)))


def _related(rows):
    return rows.query.select_related or {}


def _fields(model):
    """Money as text: a number of JSON would lose its cents' zeros."""
    return {
        field.attname: Cast(field.attname, TextField()) if isinstance(field, models.DecimalField) else F(field.attname)
        for field in model._meta.concrete_fields
    }


def _paths(model, name):
    related = model._meta.get_field(name).related_model
    return [f"{name}__{field.attname}" for field in related._meta.concrete_fields if field.attname != "password"]


def _row(model, values, related):
    row = _made(model, values, "")
    for name in related:
        field = model._meta.get_field(name)
        field.set_cached_value(row, _made(field.related_model, values, f"{name}__") if getattr(row, field.attname) else None)
    return row


def _made(model, values, prefix):
    read = [field for field in model._meta.concrete_fields if f"{prefix}{field.attname}" in values]
    return model.from_db(
        "default", [field.attname for field in read], [field.to_python(values[f"{prefix}{field.attname}"]) for field in read]
    )
