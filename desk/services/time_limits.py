"""Time limits for database queries: SEARCH_SECONDS for searches and counts, LISTING_SECONDS for files and reports."""

from contextlib import contextmanager

from django.db import OperationalError
from psycopg.errors import QueryCanceled

from engine.pooler import statement_timeout


class TimeLimitExceeded(Exception):
    """A database query exceeded its time limit."""


@contextmanager
def time_limit(seconds):
    """Limit each query within the block to so many seconds; raise TooLong for one that exceeds them."""
    try:
        with statement_timeout(seconds):
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TimeLimitExceeded from error
        raise
