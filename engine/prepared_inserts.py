"""INSERT statements compiled once per process, for tables written all day (docs/decisions/0345).

`write = PreparedInsert(Event)`, then `write(Event(...))` saves the row and sets its primary key, without building the SQL again.
"""

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, Field
from django.db.models.sql import InsertQuery

from engine.prepared_queries import Parameter, inline_constants, prepared_cursor


class PreparedInsert:
    """Inserts new rows of a model, as `row.save(force_insert=True)` does, with a primary key assigned by the database.

    `worked_out` maps columns to expressions that PostgreSQL evaluates, in which Parameter stands for values passed with each call. With
    `once`, a row that violates a unique constraint is skipped and gets no key. For models without parents and signal handlers only.
    """

    def __init__(self, model, *, once=False, **worked_out):
        self.model, self.once, self.worked_out, self.plan = model, once, worked_out, None

    def __call__(self, row, **given):
        if self.plan is None:
            self.plan = self._planned()
        sql, wanted = self.plan
        here = connections[DEFAULT_DB_ALIAS]
        values = [given[one.name] if isinstance(one, Parameter) else one.get_db_prep_save(one.pre_save(row, True), here) for one in wanted]
        with prepared_cursor() as cursor:
            cursor.execute(sql, values)
            if found := cursor.fetchone():
                row.pk, row._state.adding, row._state.db = found[0], False, DEFAULT_DB_ALIAS
        return row

    def _planned(self):
        """Return (the statement, its parameters in order: fields, and Parameters of expressions)."""
        meta, quote = self.model._meta, connection.ops.quote_name
        compiler = InsertQuery(self.model).get_compiler(connection=connection)
        fields = [field for field in meta.concrete_fields if not isinstance(field, AutoField) and not _has_only_db_default(field)]
        places, wanted = [], []
        for field in fields:
            sql, params = self._place(field, compiler)
            places.append(inline_constants(sql, params, Field, Parameter))
            wanted += [param for param in params if isinstance(param, Field | Parameter)]
        columns, conflict = ", ".join(quote(field.column) for field in fields), "ON CONFLICT DO NOTHING " if self.once else ""
        insert = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({', '.join(places)})"  # noqa: S608
        return f"{insert} {conflict}RETURNING {quote(meta.pk.column)}", wanted

    def _place(self, field, compiler):
        """Return (SQL, params) for the field's value: compiled by Django, with the field itself in place of its value."""
        if expression := self.worked_out.get(field.name):
            return compiler.compile(expression.resolve_expression(compiler.query, allow_joins=False, for_save=True))
        place = getattr(field, "get_placeholder", None)
        return place(None, compiler, connection) if place else "%s", [field]


def _has_only_db_default(field):
    """Return whether only the database knows the field's default."""
    return field.has_db_default() and not field.has_default()
