"""Support for transaction poolers, which give each transaction any free connection (docs/decisions/0399).

Settings, locks and open cursors must not outlive a transaction there: they would affect whoever gets the connection next.
"""

from contextlib import contextmanager, suppress

from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connection, connections, transaction
from django.utils.translation import gettext as _


def is_pooled(connection):
    """Return whether DATABASE_URL declares a transaction pooler (?prepare_threshold=0)."""
    return connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]


@contextmanager
def statement_timeout(seconds):
    """Limit each query within the block to this many seconds; PostgreSQL cancels one that takes longer.

    Opens a transaction only behind a pooler, where it is necessary: it costs two more queries and ends with the first cancelled one.
    """
    pooled = is_pooled(connection)
    limit = [f"{max(int(seconds * 1000), 1)}ms", pooled]
    if pooled:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, %s)", limit)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, %s)", limit)
        try:
            yield
        finally:
            cursor.execute("RESET statement_timeout")


@contextmanager
def advisory_lock(*key):
    """Try to take PostgreSQL's advisory lock of two numbers; yield whether it was free. It is held across transactions until the end of the
    block or the death of this process, by a transaction on a separate connection, which no pooler gives to anybody else meanwhile."""
    beside = connection.copy()
    try:
        beside.set_autocommit(False)
        with beside.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s), set_config('idle_in_transaction_session_timeout', '0', true)", key)
            is_held = cursor.fetchone()[0]
        yield is_held
    finally:
        with suppress(DatabaseError):  # a lost connection holds no lock
            beside.rollback()
        beside.close()


@register(Tags.database)
def check_pooler_is_declared(databases=None, **_more):
    """System check, run before migrations: report a transaction pooler that DATABASE_URL does not declare, which would break pages.

    It is recognised by a connection with a different server process when asked twice, or after another connection was used.
    """
    return [
        Error(
            _("A transaction pooler is in use, but DATABASE_URL does not declare it."),
            hint=_("Add ?prepare_threshold=0 to DATABASE_URL, or configure the pooler for session pooling."),
            id="careline.E001",
        )
        for alias in databases or ()
        if not is_pooled(connections[alias]) and _changes(connections[alias].copy(), connections[alias].copy())
    ]


def _changes(one, other):
    try:
        own = {_process(one), _process(one)}  # a pooler may hand out connections in turn,
        other.set_autocommit(False)
        theirs = _process(other)  # or the most recently used one, which `other` now holds
        return len(own | {_process(one)}) > 1 or theirs in own
    finally:
        one.close()
        other.close()


def _process(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
