"""Queries compiled once per process: Django builds the SQL of a queryset once, and each call only supplies values (decision 0167).

    _events = PreparedQuery(lambda: Event.objects.filter(ticket=Parameter("ticket")).select_related("actor"))
    rows = _events(ticket=17)  # a list of Event

`Parameter` marks the place of a value in the queryset, `Among` does so for lists. `prefetch` replaces prefetch_related, with prepared
queries too. `prepared_cursor` additionally lets PostgreSQL plan a statement once per connection, where one plan fits all values.
"""

from functools import cache

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.signals import connection_created
from django.db.models import Expression, Field, ForeignObject, Lookup
from django.db.models.query import QuerySet, get_related_populators
from django.db.transaction import TransactionManagementError
from django.dispatch import receiver

from engine.outages import as_operational_error
from engine.pooler import is_pooled


class Parameter(Expression):
    """A placeholder in a queryset for a value that is passed with each call."""

    def __init__(self, name, output_field=None):
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


@ForeignObject.register_lookup  # which does not inherit the lookups of Field
@Field.register_lookup
class Among(Lookup):
    """`column__among=Parameter(...)`: like `__in`, but for a list that is passed with each call."""

    lookup_name = "among"

    def as_sql(self, compiler, connection):
        left, before = self.process_lhs(compiler, connection)
        right, after = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*before, *after]


class PreparedQuery:
    """A callable that runs a compiled queryset with values for its Parameters and returns the list of rows.

    `build(*variant)` returns the queryset and is called once per `variant` (hashable arguments). Rows are as from the queryset itself,
    including select_related, only/defer and annotations, but without prefetch_related (see `prefetch`) and values(). `by_key` means that
    rows are found by a key or foreign key, so that one PostgreSQL plan fits every value (docs/decisions/0300).
    """

    def __init__(self, build, *, by_key=False):
        self.build, self.by_key, self.plans = build, by_key, {}

    def __call__(self, *variant, **given):
        plan = self.plans.get(variant)
        if plan is None:
            plan = self.plans[variant] = _Plan(self.build(*variant), self.by_key)
        return plan.rows(given)

    def first(self, *variant, **given):
        """Return the first row, or None. The queryset itself should be limited to one row."""
        rows = self(*variant, **given)
        return rows[0] if rows else None


class _Plan:
    """A compiled queryset: its SQL and how to build its rows. Anything specific to a connection is looked up for each call."""

    def __init__(self, queryset, by_key):
        self.by_key, self.locks = by_key, queryset.query.select_for_update
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        self.sql, self.given = inline_constants(sql, params, Parameter), [value.name for value in params if isinstance(value, Parameter)]
        select, known = compiler.select, compiler.klass_info
        columns = known["select_fields"]
        self.model, self.own = known["model"], slice(columns[0], columns[-1] + 1)
        self.names = [column[0].target.attname for column in select[self.own]]
        self.annotated = list(compiler.annotation_col_map.items()) if compiler.annotation_col_map else ()
        self.related = get_related_populators(known, select, queryset.db)
        self.converters = list(compiler.get_converters([column[0] for column in select[: compiler.col_count]]).items())

    def rows(self, given):
        if self.locks and connection.get_autocommit():
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        with prepared_cursor() if self.by_key else connection.cursor() as cursor:
            cursor.execute(self.sql, [given[name] for name in self.given])
            here = connections[DEFAULT_DB_ALIAS]  # not its proxy, which takes a tenth of the time for thousands of rows
            return [self.row(list(values), here) for values in cursor.fetchall()]

    def row(self, values, here):
        for place, (converters, column) in self.converters:
            for convert in converters:
                values[place] = convert(values[place], column, here)
        row = self.model.from_db(here.alias, self.names, values[self.own])
        for related in self.related:
            related.populate(values, row)
        for name, place in self.annotated:
            setattr(row, name, values[place])
        return row


def inline_constants(sql, params, *later):
    """Return the statement with all parameters inlined except those of the classes `later`: PostgreSQL may need constants to choose an
    index."""
    values = ["%s" if isinstance(value, later) else connection.ops.compose_sql("%s", [value]).replace("%", "%%") for value in params]
    return sql.replace("%%", "%%%%") % tuple(values)


def prepared_cursor():
    """Return a cursor whose repeated statements PostgreSQL plans once per connection, for statements where one plan fits all values."""
    if connection.queries_logged:  # logged statements should show their values
        return connection.cursor()
    connection.close_if_health_check_failed()  # as Django does for its own cursors
    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))


@receiver(connection_created)
def _begun(*, connection, **_more):
    """Prepare a new connection: statements of `prepared_cursor` always use one generic plan, even for large queries."""
    if not is_pooled(connection):
        with connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode = force_generic_plan")
    if as_operational_error not in connection.execute_wrappers:
        connection.execute_wrappers.append(as_operational_error)


_pointing = PreparedQuery(lambda model, name: model._default_manager.filter(**{f"{name}__among": Parameter("keys")}), by_key=True)
_pointed_at = PreparedQuery(lambda model: model._default_manager.filter(pk__among=Parameter("keys")), by_key=True)


def prefetch(rows, *paths):
    """Fetch related rows for rows of one model, as prefetch_related does: one query per step of a path that is not cached yet.

    Paths follow foreign keys in both directions. If a path leads back to one of `rows`, that same object is used, with its caches.
    """
    begun = {(type(row), row.pk): row for row in rows}
    for path in paths:
        reached = rows
        for name in path.split("__"):
            reached = _step(reached, name, begun) if reached else ()


def _step(rows, name, begun):
    field = type(rows[0])._meta.get_field(name)
    if field.one_to_many:
        return _back(rows, name, field.remote_field, begun)
    missing = [row for row in rows if not field.is_cached(row)]
    for row, one in _others(field, missing) if missing else ():
        field.set_cached_value(row, one)
        if one and field.one_to_one:
            field.remote_field.set_cached_value(one, row)
    return [one for row in rows if (one := field.get_cached_value(row))]


def _others(field, rows):
    """Return [(row, related object or None)] for rows of a foreign key or a one-to-one field, in either direction."""
    back = None if field.concrete else field.remote_field
    here, there = ("pk", back.attname) if back else (field.attname, "pk")
    keys = list({getattr(row, here) for row in rows} - {None})
    found = (_pointing(back.model, back.name, keys=keys) if back else _pointed_at(field.related_model, keys=keys)) if keys else ()
    others = {getattr(one, there): one for one in found}
    return [(row, others.get(getattr(row, here))) for row in rows]


def _back(rows, name, back, begun):
    missing = [row for row in rows if name not in row.__dict__.get("_prefetched_objects_cache", ())]
    found: dict = {row.pk: [] for row in missing}
    for one in _pointing(back.model, back.name, keys=list(found)) if found else ():
        found[getattr(one, back.attname)].append(begun.get((type(one), one.pk), one))
    for row in missing:
        cache_related(row, name, found[row.pk])
    return [one for row in rows for one in getattr(row, name).all()]


@cache
def _relation(model, name):
    """Return the foreign key behind a reverse relation; cached, since it is needed for thousands of rows."""
    return model._meta.get_field(name).remote_field


def cache_related(row, name, related):
    """Cache `related` as the complete reverse relation `name` of the row, so that accessing it causes no query."""
    field = _relation(type(row), name)
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = _Known(row, name, field.model, related)
    for one in related:
        field.set_cached_value(one, row)


_LATER = object()  # placeholder for a query that has not been needed yet


class _Known(QuerySet):
    """The cached rows of a relation. The query, which costs more than most rows, is only built when it is filtered further."""

    def __init__(self, row, name, model, related):
        super().__init__(model, query=_LATER)
        self._result_cache, self._of = related, (row, name)

    @property
    def query(self):
        if self._query is _LATER:
            self._query = self._clone().query
        return self._query

    def _clone(self):
        row, name = self._of
        known = row._prefetched_objects_cache.pop(name)
        try:
            return getattr(row, name).get_queryset()
        finally:
            row._prefetched_objects_cache[name] = known

    def __getattr__(self, method):  # a method of the model's own queryset class
        return getattr(self._clone(), method)
