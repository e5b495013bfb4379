"""The import of the estate: all files or nothing, in one transaction.

All rows are read, staged and checked before anything is written, so that one run reports every error.
"""

from contextlib import contextmanager
from time import perf_counter

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import CheckViolation, NotNullViolation

from engine.outages import is_unavailable
from estate import checks
from estate.billing_starts import derive_billing_starts
from estate.ported_out import reset_numbers
from estate.problems import ImportRefused, Problem
from estate.staging import fill_stage, open_stages
from estate.tables import DEVICES, DIDS, TABLES
from estate.upsert import Change, add, note_overwritten, update_changed

# One import at a time: concurrent ones would wait for each other's rows.
LOCK = 0x65737461


def import_files(files, *, today, dry_run=False, waits=None, done=None):
    """Update the database from `files`: file name -> iterable of lines as bytes. Return a Change for each given file.

    If another import is running, call `waits`, then wait for it. `done` is called with the changes before they are committed. Raise
    ImportRefused with all problems found; then, and after a dry run, the database is unchanged. A lost connection raises
    DatabaseError; the database is then unchanged as well, unless the commit had already happened.
    """
    changes = {name: Change(name) for name in (table.file for table in TABLES) if name in files}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _take_turn(cursor, waits)
            cursor.execute("DISCARD TEMP")  # left by a previous import in the same transaction
            cursor.execute("SELECT set_config('careline.today', %s, true)", [str(today)])
            _check(cursor, files, changes)
            _write(cursor, changes)
            if dry_run:
                transaction.set_rollback(True)
            elif done:
                done(list(changes.values()))
    except DatabaseError as error:  # such as a deadlock with a ticket being executed
        if is_unavailable(error):
            raise
        raise ImportRefused([Problem(_("the estate"), 0, "", _refusal(error))]) from error
    return list(changes.values())


def _take_turn(cursor, waits):
    # Computing between two queries may take minutes, and other imports may wait for this transaction (docs/decisions/0270).
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s), set_config('idle_in_transaction_session_timeout', '0', true)", [LOCK])
    if not cursor.fetchone()[0]:
        if waits:
            waits()
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _check(cursor, files, changes):
    """Stage all files. Raise ImportRefused if anything is wrong with them."""
    problems = []
    broken = set()
    open_stages(cursor, _concerned(files))
    for table in TABLES:
        if table.file in files:
            with _timing(changes[table.file]):
                if not fill_stage(cursor, table, files[table.file], problems):
                    broken.add(table.file)
    if DIDS.file in files:
        changes[DIDS.file].ported_out = reset_numbers(cursor)
    if DEVICES.file in files:
        derive_billing_starts(cursor)
    by_model = {table.model: table for table in TABLES}
    for table in TABLES:
        if table.file in files:
            with _timing(changes[table.file]):
                problems.extend(checks.duplicates(cursor, table))
                for column in table.references:
                    target = by_model[column.target]
                    if target.file not in broken:
                        problems.extend(checks.unknown_references(cursor, table, column, target))
    for check, tables in checks.BETWEEN_ROWS.items():
        if any(table.file in files for table in tables):
            problems.extend(check(cursor))
    _refuse(problems)


def _refuse(problems):
    """Raise ImportRefused if there are any problems."""
    if problems:
        order = [table.file for table in TABLES]
        raise ImportRefused(sorted(problems, key=lambda problem: (order.index(problem.file), problem.line)))


def _concerned(files):
    """Return the tables needed for these files: their own, those they refer to, and those that are checked with them."""
    given = [table for table in TABLES if table.file in files]
    together = [group for group in checks.BETWEEN_ROWS.values() if any(table in given for table in group)]
    models = {column.target for table in given for column in table.references}
    return [table for table in TABLES if table in given or table.model in models or any(table in group for group in together)]


def _write(cursor, changes):
    """Add new rows first, which locks nobody out; then change rows, all together, as they are locked until the commit (decision 0270)."""
    for work in (add, note_overwritten):
        _work(work, cursor, changes)
    _refuse(list(checks.check_again(cursor, changes)))
    _work(update_changed, cursor, changes)


def _work(work, cursor, changes):
    for table in TABLES:
        if table.file in changes:
            with _timing(changes[table.file]):
                try:
                    work(cursor, table, changes[table.file])
                except DatabaseError as error:
                    if is_unavailable(error):
                        raise
                    raise ImportRefused([Problem(table.file, 0, "", _refusal(error))]) from error
    # Check foreign keys now and not at the commit, which a dry run never reaches.
    connection.check_constraints()


def _refusal(error):
    """Return the database's message in one line; constraints are named as sentences."""
    diagnosis = getattr(error.__cause__, "diag", None)
    told = [diagnosis.message_primary, diagnosis.message_detail] if diagnosis else [str(error)]
    if isinstance(error.__cause__, CheckViolation | NotNullViolation):
        told = told[:1]  # the detail is the whole row, including a contact's password
    return _("the database rejected it: %(reason)s") % {"reason": "; ".join(filter(None, told))}


@contextmanager
def _timing(change):
    start = perf_counter()
    yield
    change.seconds += perf_counter() - start
