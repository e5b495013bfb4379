"""Whether an error says that the database is away, or takes no changes, and so nothing about what was asked of it."""

import time

from django.db import InterfaceError, InternalError, OperationalError

READ_ONLY, DISK_FULL = "25006", "53100"  # PostgreSQL's codes: a standby, or told to take no changes; no room for more rows
SHUT = READ_ONLY, DISK_FULL


def is_away(error):
    """Whether the connection is gone or there is none (classes 08 and 57P of PostgreSQL's codes, or no code), or nothing can be saved."""
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError | InterfaceError) and (state is None or state.startswith(("08", "57P")) or state in SHUT)


def takes_no_changes(error):
    """Whether the database answers, but saves nothing at the moment, whatever it is."""
    return getattr(error.__cause__, "sqlstate", None) in SHUT


def as_away(execute, sql, params, many, context):
    """Around each statement (Django's execute_wrapper): that nothing may be changed is an OperationalError, as what passes by itself is.

    The connection ends with its request or task: after a failover the next one may lead to the server that takes changes.
    """
    try:
        return execute(sql, params, many, context)
    except InternalError as error:
        if getattr(error.__cause__, "sqlstate", None) != READ_ONLY:
            raise
        context["connection"].close_at = time.monotonic()
        raise OperationalError(*error.args) from error.__cause__
