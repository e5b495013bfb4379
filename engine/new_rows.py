"""New rows of tables that are written all day: the INSERT is put together once a process, only the values change (docs/decisions/0345)."""

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, Field
from django.db.models.sql import InsertQuery

from engine.prepared import Given, filled, planned


class NewRow:
    """Writes a new row of a model as `row.save(force_insert=True)` does, its key counted by the database.

    `worked_out` are columns that PostgreSQL works out: expressions with Given in place of values, which come with each row. `once`: a row
    that is there already by one of its unique columns is left as it is, and this one gets no key. For models without parents and signals.
    """

    def __init__(self, model, *, once=False, **worked_out):
        self.model, self.once, self.worked_out, self.plan = model, once, worked_out, None

    def __call__(self, row, **given):
        if self.plan is None:
            self.plan = self._planned()
        sql, wanted = self.plan
        here = connections[DEFAULT_DB_ALIAS]
        values = [given[one.name] if isinstance(one, Given) else one.get_db_prep_save(one.pre_save(row, True), here) for one in wanted]
        with planned() as cursor:
            cursor.execute(sql, values)
            if found := cursor.fetchone():
                row.pk, row._state.adding, row._state.db = found[0], False, DEFAULT_DB_ALIAS
        return row

    def _planned(self):
        """(the statement, what stands in its places: the fields and Givens in their order)."""
        meta, quote = self.model._meta, connection.ops.quote_name
        compiler = InsertQuery(self.model).get_compiler(connection=connection)
        fields = [field for field in meta.concrete_fields if not isinstance(field, AutoField) and not _goes_without_saying(field)]
        places, wanted = [], []
        for field in fields:
            sql, params = self._place(field, compiler)
            places.append(filled(sql, params, Field, Given))
            wanted += [param for param in params if isinstance(param, Field | Given)]
        columns, conflict = ", ".join(quote(field.column) for field in fields), "ON CONFLICT DO NOTHING " if self.once else ""
        insert = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({', '.join(places)})"  # noqa: S608
        return f"{insert} {conflict}RETURNING {quote(meta.pk.column)}", wanted

    def _place(self, field, compiler):
        """(SQL, params) of the field's place: as Django puts it together, with the field itself where its value goes."""
        if expression := self.worked_out.get(field.name):
            return compiler.compile(expression.resolve_expression(compiler.query, allow_joins=False, for_save=True))
        place = getattr(field, "get_placeholder", None)
        return place(None, compiler, connection) if place else "%s", [field]


def _goes_without_saying(field):
    """Whether only the database knows the default of the field."""
    return field.has_db_default() and not field.has_default()
