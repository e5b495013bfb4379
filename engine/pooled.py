"""Poolers that give each transaction whatever connection is free: what is set, held or begun on one is somebody else's next (0399)."""

from contextlib import contextmanager, suppress

from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connection, connections, transaction
from django.utils.translation import gettext as _


def is_pooled(connection):
    """Whether such a pooler stands before the database, as DATABASE_URL says."""
    return connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]


@contextmanager
def asking_at_most(seconds):
    """Each question within may last so long; PostgreSQL cancels the one that would last longer.

    Without a transaction around them, which would be two questions more and lost with the first, unless a pooler leaves no other way.
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
def held(*key):
    """Hold PostgreSQL's advisory lock of two numbers, also over transactions, until the end or the death of this process; gives whether
    nobody else does. It is held by a transaction of a connection of its own, which no pooler gives to anybody meanwhile."""
    beside = connection.copy()
    try:
        beside.set_autocommit(False)
        with beside.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s), set_config('idle_in_transaction_session_timeout', '0', true)", key)
            is_held = cursor.fetchone()[0]
        yield is_held
    finally:
        with suppress(DatabaseError):  # a connection that is gone holds nothing
            beside.rollback()
        beside.close()


@register(Tags.database)
def says_so(databases=None, **_more):
    """An error, before anything is migrated, where such a pooler is there and DATABASE_URL does not say so: pages would fail one by one.

    A connection that is not the same when asked twice, or any more once another one works, shows it.
    """
    return [
        Error(
            _("A pooler gives each transaction another connection, and DATABASE_URL does not say so."),
            hint=_("Add ?prepare_threshold=0 to DATABASE_URL, or have the pooler keep a connection for each session."),
            id="careline.E001",
        )
        for alias in databases or ()
        if not is_pooled(connections[alias]) and _changes(connections[alias].copy(), connections[alias].copy())
    ]


def _changes(one, other):
    try:
        own = {_process(one), _process(one)}  # a pooler may give its connections in turn,
        other.set_autocommit(False)
        theirs = _process(other)  # or the one that was used last, which this holds now
        return len(own | {_process(one)}) > 1 or theirs in own
    finally:
        one.close()
        other.close()


def _process(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
