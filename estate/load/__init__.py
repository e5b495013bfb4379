"""Fills a database with the history of years: any number of tickets, made from real requests of the estate that is there."""

from typing import NamedTuple

from django.db import connection, transaction

from estate.load import calendars, history, samples, words
from estate.load.aside import set_aside

CHUNK = 50_000


class Progress(NamedTuple):
    """How far the filling is: `done` of `total` tickets, and what is being made."""

    done: int
    total: int
    what: str


class TooLittle(Exception):
    """The estate has nothing that tickets could be about."""


def fill(tickets, *, now):
    """Add so many tickets with their events, messages, verdicts, charges and ledger entries, as of `now`; yields Progress.

    Foreign keys and indexes of the tables are set aside meanwhile and built afterwards, in one transaction: whoever else
    uses the database waits. Raises TooLittle where the estate has nothing to ask about.
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
