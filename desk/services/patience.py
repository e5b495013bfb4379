"""No question to the database lasts longer than it may: SEARCH_SECONDS for words and counts, LISTING_SECONDS for files and reports."""

from contextlib import contextmanager

from django.db import OperationalError
from psycopg.errors import QueryCanceled

from engine.pooled import asking_at_most


class TooLong(Exception):
    """The database was not ready in time with what it was asked."""


@contextmanager
def at_most(seconds):
    """Each question within may last so long; raises TooLong for the one that would last longer."""
    try:
        with asking_at_most(seconds):
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooLong from error
        raise
