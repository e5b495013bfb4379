"""Write staged rows to their table: update those that differ, insert new ones, leave identical ones alone."""

from dataclasses import dataclass, field

from django.db import connection
from psycopg import sql

from estate.overwritten import undone

SHOWN = 5


@dataclass
class Change:
    """The result of one file: rows created, changed and unchanged, the first few keys of those created and changed, and the time taken.

    `ported_out` are the numbers that were ended without a request and now serve outgoing calls only (DID-4). `undone` describes the first
    few changed rows that executed requests were about; `all_undone` is the number of all of them.
    """

    file: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    first_created: list[str] = field(default_factory=list)
    first_changed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    ported_out: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    all_undone: int = 0

    @property
    def rows(self):
        return self.created + self.changed + self.unchanged


def add(cursor, table, change):
    """Insert the new staged rows, set aside those that differ, and count both in `change`. References must be checked before."""
    for number, condition in enumerate(table.passes):
        ready = _ready(table, number)
        _make_ready(cursor, ready, table, condition)
        change.unchanged += _drop_unchanged(cursor, ready, table)
        _add_first_keys(cursor, ready, change.first_created, "existing IS NULL")
        _add_first_keys(cursor, ready, change.first_changed, "existing IS NOT NULL")
        if condition == table.makes_room:
            _note_undone(cursor, ready, table, change)
            change.changed += _update(cursor, ready, table)
        change.created += _insert(cursor, ready, table)
    if change.created:
        cursor.execute(sql.SQL("ANALYZE {}").format(_target(table)))


def note_overwritten(cursor, table, change):
    """Note which of the rows set aside by `add` change objects of requests."""
    for ready in _set_aside(table):
        _note_undone(cursor, ready, table, change)


def update_changed(cursor, table, change):
    """Update the rows set aside by `add`. They are locked from here to the commit."""
    for ready in _set_aside(table):
        if table.again:
            statement = "SELECT FROM {} WHERE id IN (SELECT existing FROM {}) ORDER BY id FOR NO KEY UPDATE"
            cursor.execute(sql.SQL(statement).format(_target(table), ready))
            table.again(cursor, ready, change)
        change.changed += _update(cursor, ready, table)


def _set_aside(table):
    return [_ready(table, number) for number, condition in enumerate(table.passes) if condition != table.makes_room]


def _note_undone(cursor, ready, table, change):
    lines, count = undone(cursor, ready, _target(table), _new_values(table), SHOWN)
    change.undone, change.all_undone = (change.undone + lines)[:SHOWN], change.all_undone + count


def _ready(table, number):
    """Return the name of the temporary table for one of the table's passes."""
    return sql.Identifier(f"ready_{table.file.removesuffix('.csv')}_{number}")


def _staged_values(table):
    """Return {column: SQL for its value from a staged row s}."""
    return {column.field.column: column.value() for column in table.columns} | {n: sql.SQL(text) for n, text in table.computed.items()}


def _target(table):
    return sql.Identifier(table.model._meta.db_table)


def _list(items):
    return sql.SQL(", ").join(items)


def _make_ready(cursor, ready, table, condition):
    """Create the temporary table `ready` from staged rows, with ids for references and the id of the existing row, or null."""
    keys = table.key_columns
    same = sql.SQL(" AND ").join(sql.SQL("t.{} = {}").format(sql.Identifier(c.field.column), c.value()) for c in keys)
    existing = sql.SQL(table.existing) if table.existing else sql.SQL("(SELECT t.id FROM {} t WHERE {})").format(_target(table), same)
    statement = """
    CREATE TEMPORARY TABLE {ready} ON COMMIT DROP AS
    SELECT s.file_line, {existing} AS existing, concat_ws(' ', {key}) AS key_text, {values} FROM {stage} s {joins} WHERE {condition}
    """
    cursor.execute(
        sql.SQL(statement).format(
            ready=ready,
            existing=existing,
            key=_list(column.staged for column in keys),
            values=_list(sql.SQL("{} AS {}").format(value, sql.Identifier(name)) for name, value in _staged_values(table).items()),
            stage=sql.Identifier(table.stage),
            joins=sql.SQL(" ").join(column.join() for column in table.columns),
            condition=sql.SQL(condition),
        )
    )
    cursor.execute(sql.SQL("ANALYZE {} (existing)").format(ready))


def _new_values(table):
    """Return {column: SQL for its value from the ready row s} for existing rows."""
    return {name: sql.Identifier("s", name) for name in _staged_values(table)} | {
        name: sql.SQL(text) for name, text in table.on_update.items()
    }


def _drop_unchanged(cursor, ready, table):
    new = _new_values(table)
    statement = "DELETE FROM {ready} s USING {target} t WHERE t.id = s.existing AND ROW({old}) IS NOT DISTINCT FROM ROW({new})"
    old = _list(sql.Identifier("t", name) for name in new)
    cursor.execute(sql.SQL(statement).format(ready=ready, target=_target(table), old=old, new=_list(new.values())))
    return cursor.rowcount


def _add_first_keys(cursor, ready, keys, condition):
    if len(keys) < SHOWN:
        statement = sql.SQL("SELECT key_text FROM {} WHERE {} ORDER BY file_line LIMIT {}")
        cursor.execute(statement.format(ready, sql.SQL(condition), sql.Literal(SHOWN - len(keys))))
        keys.extend(key for (key,) in cursor.fetchall())


def _update(cursor, ready, table):
    pairs = [sql.SQL("{} = {}").format(sql.Identifier(name), value) for name, value in _new_values(table).items()]
    # A row whose key has changed since (a person was erased, or has another address) is no longer the one that the file means.
    keys = [sql.Identifier(column.field.column) for column in table.key_columns]
    same = sql.SQL(" AND ").join(sql.SQL("t.{0} = s.{0}").format(key) for key in keys)
    statement = sql.SQL("UPDATE {} t SET {} FROM {} s WHERE t.id = s.existing AND {}")
    cursor.execute(statement.format(_target(table), _list(pairs), ready, same))
    return cursor.rowcount


def _insert(cursor, ready, table):
    values = {name: sql.Identifier("s", name) for name in _staged_values(table)} | {
        name: sql.SQL(text) for name, text in table.on_insert.items()
    }
    for model_field in table.model._meta.concrete_fields:
        if model_field.column not in values and not model_field.null and not model_field.primary_key:
            values[model_field.column] = sql.Literal(model_field.get_db_prep_save(model_field.get_default(), connection))
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} s WHERE s.existing IS NULL ORDER BY s.file_line")
    cursor.execute(statement.format(_target(table), _list(map(sql.Identifier, values)), _list(values.values()), ready))
    return cursor.rowcount
