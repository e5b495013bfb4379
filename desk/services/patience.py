"""No question to the database lasts longer than it may: SEARCH_SECONDS for words and counts, LISTING_SECONDS for files and reports."""

from contextlib import contextmanager

from django.db import OperationalError, connection
from psycopg.errors import QueryCanceled


class TooLong(Exception):
    """The database was not ready in time with what it was asked."""


@contextmanager
def at_most(seconds):
    """Each question within may last so long; raises TooLong for the one that would last longer.

    Without a transaction around them, which would be two questions more, and lost with the first.
    """
    with connection.cursor() as cursor:
        limit(cursor, seconds)
        try:
            yield
        except OperationalError as error:
            if isinstance(error.__cause__, QueryCanceled):
                raise TooLong from error
            raise
        finally:
            cursor.execute("RESET statement_timeout")


def limit(cursor, seconds):
    """How long a question of this connection may last from now on."""
    cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{max(int(seconds * 1000), 1)}ms"])
