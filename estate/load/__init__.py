"""Fill a database with years of history: any number of tickets, derived from real requests of the existing estate."""

from typing import NamedTuple

from django.db import connection, transaction

from estate.load import calendars, history, samples, words
from estate.load.deferred_indexes import set_aside

CHUNK = 50_000


class Progress(NamedTuple):
    """Progress of the filling: `done` of `total` tickets, and the current phase."""

    done: int
    total: int
    what: str


class TooLittle(Exception):
    """The estate has no objects that tickets could be about."""


def fill(tickets, *, now):
    """Add this many tickets with events, messages, verdicts, charges and ledger entries, as of `now`; yield Progress.

    The tables' foreign keys and indexes are dropped and rebuilt in the same transaction, so all other users of the database
    have to wait. Raise TooLittle if the estate offers nothing to ask about.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        asked = samples.write(cursor, now)
        if not asked:
            raise TooLittle
        words.write(cursor)
        stamp = calendars.write(cursor, now, history.SPAN)
        first = history.reserve_numbers(cursor, tickets)
        put_back = set_aside(cursor, history.TABLES)
        for begin in range(first, first + tickets, CHUNK):
            end = min(begin + CHUNK, first + tickets)
            history.write(cursor, begin, end, first=first, total=tickets, now=now, stamp=stamp)
            yield Progress(end - first, tickets, "tickets")
        for statement in put_back:
            cursor.execute(statement)
            yield Progress(tickets, tickets, "indexes")
    with connection.cursor() as cursor:
        for table in history.TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("ANALYZE partners_partner, partners_user")
