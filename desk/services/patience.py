"""Time limits for database queries: SEARCH_SECONDS for searches and counts, LISTING_SECONDS for files and reports."""

from contextlib import contextmanager

from django.db import OperationalError
from psycopg.errors import QueryCanceled

from engine.pooled import asking_at_most


class TooLong(Exception):
    """A database query exceeded its time limit."""


@contextmanager
def at_most(seconds):
    """Limit each query within the block to so many seconds; raise TooLong for one that exceeds them."""
    try:
        with asking_at_most(seconds):
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooLong from error
        raise
