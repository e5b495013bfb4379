"""Questions that are asked all day: their SQL is put together once a process, and only the values change (docs/decisions/0167)."""

from functools import cache

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.signals import connection_created
from django.db.models import Expression, Field, ForeignObject, Lookup
from django.db.models.query import QuerySet, get_related_populators
from django.db.transaction import TransactionManagementError
from django.dispatch import receiver

from engine.absent import as_away
from engine.pooled import is_pooled


class Given(Expression):
    """The place in a queryset of a value that is known only when the question is asked."""

    def __init__(self, name, output_field=None):
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


@ForeignObject.register_lookup  # which does not inherit what a Field knows
@Field.register_lookup
class Among(Lookup):
    """`column__among=Given(...)`: what `__in` is for values in the query, for a list that is given later."""

    lookup_name = "among"

    def as_sql(self, compiler, connection):
        left, before = self.process_lhs(compiler, connection)
        right, after = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*before, *after]


class Prepared:
    """A queryset of rows with Given where values go; called with these it gives the list of rows.

    `build` makes the queryset, once for each `variant` (hashable). Its rows are as the queryset's own would be, with what it
    selects, defers and annotates; it has no prefetch_related (see `read_ahead`) and is not values(). `by_key`: it finds rows by a key,
    or by what they point at, so that one plan of PostgreSQL's serves every value (docs/decisions/0300).
    """

    def __init__(self, build, *, by_key=False):
        self.build, self.by_key, self.plans = build, by_key, {}

    def __call__(self, *variant, **given):
        plan = self.plans.get(variant)
        if plan is None:
            plan = self.plans[variant] = _Plan(self.build(*variant), self.by_key)
        return plan.rows(given)

    def first(self, *variant, **given):
        """The first row, or None; the queryset is to say that it wants no more."""
        rows = self(*variant, **given)
        return rows[0] if rows else None


class _Plan:
    """One queryset, compiled: its SQL and how its rows are read. What depends on the connection is asked of it each time."""

    def __init__(self, queryset, by_key):
        self.by_key, self.locks = by_key, queryset.query.select_for_update
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        self.sql, self.given = filled(sql, params, Given), [value.name for value in params if isinstance(value, Given)]
        select, known = compiler.select, compiler.klass_info
        columns = known["select_fields"]
        self.model, self.own = known["model"], slice(columns[0], columns[-1] + 1)
        self.names = [column[0].target.attname for column in select[self.own]]
        self.annotated = list(compiler.annotation_col_map.items()) if compiler.annotation_col_map else ()
        self.related = get_related_populators(known, select, queryset.db)
        self.converters = list(compiler.get_converters([column[0] for column in select[: compiler.col_count]]).items())

    def rows(self, given):
        if self.locks and connection.get_autocommit():
            raise TransactionManagementError("What is locked has to be locked in a transaction.")
        with planned() if self.by_key else connection.cursor() as cursor:
            cursor.execute(self.sql, [given[name] for name in self.given])
            here = connections[DEFAULT_DB_ALIAS]  # not the proxy of it, which costs thousands of rows a tenth of their time
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


def filled(sql, params, *later):
    """The statement with all values in their places but those of the classes `later`: what is the same each time may decide which index
    serves it."""
    values = ["%s" if isinstance(value, later) else connection.ops.compose_sql("%s", [value]).replace("%", "%%") for value in params]
    return sql.replace("%%", "%%%%") % tuple(values)


def planned():
    """A cursor whose statements PostgreSQL plans once a connection, when they come again and again: for those that one plan serves."""
    if connection.queries_logged:  # where people read the statements, they are to stand there with their values
        return connection.cursor()
    connection.close_if_health_check_failed()  # as Django does before each cursor of its own: one that is gone is noticed before it is used
    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))


@receiver(connection_created)
def _begun(*, connection, **_more):
    """What `planned` is asked has one plan for every value; PostgreSQL would plan large questions anew, which it thinks pays."""
    if not is_pooled(connection):
        with connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode = force_generic_plan")
    if as_away not in connection.execute_wrappers:
        connection.execute_wrappers.append(as_away)


_pointing = Prepared(lambda model, name: model._default_manager.filter(**{f"{name}__among": Given("keys")}), by_key=True)
_pointed_at = Prepared(lambda model: model._default_manager.filter(pk__among=Given("keys")), by_key=True)


def read_ahead(rows, *paths):
    """What prefetch_related does, for rows of one model: along foreign keys and back, one question a step that is not known yet.

    Where a path comes back to one of the rows it is the same object, with all that is known of it.
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
    """(row, the one that it points at, or that is its one and only; None where there is none) for rows by a field of theirs."""
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
        know(row, name, found[row.pk])
    return [one for row in rows for one in getattr(row, name).all()]


@cache
def _relation(model, name):
    """The foreign key behind a relation, which thousands of rows in a row ask for."""
    return model._meta.get_field(name).remote_field


def know(row, name, related):
    """Keep `related` as all that points at the row by the relation `name`: whoever asks for them asks no database."""
    field = _relation(type(row), name)
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = _Known(row, name, field.model, related)
    for one in related:
        field.set_cached_value(one, row)


_LATER = object()  # in the place of a query that nobody has needed yet


class _Known(QuerySet):
    """The rows of a relation that are there already. The query, which costs more than most rows, is made only for who asks further."""

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

    def __getattr__(self, method):  # one of the model's own querysets
        return getattr(self._clone(), method)
