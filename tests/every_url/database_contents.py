"""The contents of the database, to check whether viewing has changed them."""

from django.db import connection

# Counts of attempts (sign-in limits) are stored there, and viewing a rate-limited page is an attempt.
MAY_CHANGE = {"cache_entries"}


def contents():
    """Return {table: number of rows and a digest of them}; rows rewritten with the same values differ, too."""
    tables = sorted(set(connection.introspection.table_names()) - MAY_CHANGE)
    each = " UNION ALL ".join(
        f"SELECT '{table}', count(*), md5(coalesce(string_agg(t.ctid::text || t::text, '|' ORDER BY t.ctid), '')) FROM \"{table}\" t"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(each)
        return {table: (count, digest) for table, count, digest in cursor.fetchall()}


def culprits(every_address, client, token):
    """Yield which URLs change which tables; called only when there is something to find, because it is expensive."""
    before = contents()
    for address in every_address:
        list(client.get(address.path, **(token if address.is_api else {})))
        after = contents()
        if after != before:
            yield address.path, [table for table in after if after[table] != before.get(table)]
        before = after
