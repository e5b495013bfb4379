"""Whether an error says that the database is away, takes no changes, or took too long, and so nothing about what was asked of it."""

import time

from django.db import InterfaceError, InternalError, OperationalError

READ_ONLY, DISK_FULL = "25006", "53100"  # PostgreSQL's codes: a standby, or told to take no changes; no room for more rows
FULL, STOOD_STILL = "53300", "25P03"  # no connection is left; a transaction in which nothing was asked for too long was ended
HELD, TOO_LONG, CROSSED = "55P03", "57014", "40P01"  # somebody else holds it; the time of the question is over; two wait for each other
SHUT = READ_ONLY, DISK_FULL
BUSY = HELD, TOO_LONG, CROSSED
AWAY = FULL, STOOD_STILL, *SHUT


def is_away(error):
    """Whether the connection is gone or there is none (classes 08 and 57P of PostgreSQL's codes, or no code), or nothing can be saved."""
    code = _code(error)
    return isinstance(error, OperationalError | InterfaceError) and (code is None or code.startswith(("08", "57P")) or code in AWAY)


def takes_no_changes(error):
    """Whether the database answers, but saves nothing at the moment, whatever it is."""
    return _code(error) in SHUT


def is_busy(error):
    """Whether the database answers, but this would have kept whoever asks waiting for too long: for others, or for all that was asked."""
    return isinstance(error, OperationalError) and _code(error) in BUSY


def as_away(execute, sql, params, many, context):
    """Around each statement (Django's execute_wrapper): that nothing may be changed, or any more in this transaction, is an
    OperationalError, as what passes by itself is.

    The connection ends with its request or task: after a failover the next one may lead to the server that takes changes.
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
