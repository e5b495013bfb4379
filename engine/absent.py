"""Whether an error says that the database is away, and so nothing about what was asked of it."""

from django.db import InterfaceError, OperationalError


def is_away(error):
    """Whether the connection is gone or there is none: classes 08 and 57P of PostgreSQL's codes, or no code at all."""
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError | InterfaceError) and (state is None or state.startswith(("08", "57P")))
