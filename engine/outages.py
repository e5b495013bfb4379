"""Classify database errors: unavailable, read-only, busy or overtaken, as opposed to an error of the statement itself."""

import time

from django.db import DatabaseError, IntegrityError, InterfaceError, InternalError, OperationalError

READ_ONLY, DISK_FULL = "25006", "53100"  # SQLSTATEs: a standby or read-only server; the disk is full
FULL, STOOD_STILL = "53300", "25P03"  # too many connections; a transaction was ended for being idle
HELD, TOO_LONG, CROSSED = "55P03", "57014", "40P01"  # lock not available; statement timeout; deadlock
TAKEN, GONE = "23505", "23503"  # a unique key exists, a referenced row does not
SHUT = READ_ONLY, DISK_FULL
BUSY = HELD, TOO_LONG, CROSSED
AWAY = FULL, STOOD_STILL, *SHUT


class Overtaken(DatabaseError):
    """Raised under a lock if what a form had checked before is over: processed again, the form shows it (docs/decisions/0409)."""


def is_unavailable(error):
    """Return whether the connection is lost or refused (SQLSTATE classes 08 and 57P, or none), or the database takes no changes."""
    code = _code(error)
    return isinstance(error, OperationalError | InterfaceError) and (code is None or code.startswith(("08", "57P")) or code in AWAY)


def is_read_only(error):
    """Return whether the database answers but currently saves nothing at all."""
    return _code(error) in SHUT


def is_busy(error):
    """Return whether the database answers, but the statement took or waited too long, or was in a deadlock."""
    return isinstance(error, OperationalError) and _code(error) in BUSY


def is_overtaken(error):
    """Return whether a row that the operation relies on has appeared or disappeared since it was read: repeated, it would find that."""
    if isinstance(error, IntegrityError):
        return _code(error) in (TAKEN, GONE)
    if isinstance(error, Overtaken):
        return True
    return type(error) is DatabaseError and error.__cause__ is None  # Django: a save with update_fields found no row


def as_operational_error(execute, sql, params, many, context):
    """Raise OperationalError, as for other passing errors, if the database is read-only or has ended an idle transaction.

    Wraps each statement (Django's execute_wrapper). The connection is closed at the end of the request or task, so that after a failover
    the next one may reach the server that takes changes.
    """
    try:
        return execute(sql, params, many, context)
    except InternalError as error:
        if _code(error) not in (READ_ONLY, STOOD_STILL):
            raise
        context["connection"].close_at = time.monotonic()
        raise OperationalError(*error.args) from error.__cause__


def _code(error):
    return getattr(error.__cause__, "sqlstate", None)
