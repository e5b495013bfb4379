"""Empty the tables row by row after a test that commits: TRUNCATE recreates hundreds of files for a handful of rows."""

from django.db import OperationalError, connection

from engine.outages import is_busy

# Tables that Django itself fills from the models, permanently.
STAYS = {"django_migrations", "django_content_type", "auth_permission"}


def empty_tables(_test=None):
    """Replace TransactionTestCase._fixture_teardown. Like TRUNCATE, it bypasses triggers and foreign keys.

    A page closed by the test may have a request under way, which locks rows in its own order: after a deadlock, it has ended.
    """
    tables = set(connection.introspection.table_names()) - STAYS
    statements = "; ".join(f'DELETE FROM "{table}"' for table in sorted(tables))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            _retried(cursor, statements)
        finally:
            cursor.execute("SET session_replication_role = origin")


def _retried(cursor, statements, times=3):
    for left in reversed(range(times)):
        try:
            return cursor.execute(statements)
        except OperationalError as error:
            if not (left and is_busy(error)):
                raise
