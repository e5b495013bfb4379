"""The database goes down in the middle of an import: this is no error of the files, and the import is restarted."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from estate import runs
from estate.models import ImportRun
from partners.models import Partner
from tests.durability.stack import until
from tests.estate.conftest import import_texts
from tests.estate.sending import HOME, processed, zipped

pytestmark = pytest.mark.django_db(transaction=True)
State = ImportRun.State


@pytest.fixture
def other(good):
    """The partners of the small estate, stored under other names: the import changes them."""
    import_texts({"partners.csv": good["partners.csv"].replace("Nord Voice", "Another name")})
    return {"partners.csv": good["partners.csv"]}


def cut(work):
    """Do it on a separate connection, and end that as soon as it waits for a row locked here."""

    def apart():
        try:
            work()
        finally:
            connection.close()

    def end(cursor):
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid))", [own])
        return cursor.rowcount

    with ThreadPoolExecutor(1) as meanwhile, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()[0]
        list(Partner.objects.select_for_update())
        done = meanwhile.submit(apart)
        until(lambda: end(cursor) or done.done(), "the import to wait")
        return done.exception()


def test_import_losing_its_connection_can_be_restarted(other, send, site):
    rehearsed = send([zipped(other)])
    run = runs.start_again(rehearsed, is_rehearsal=False, by=rehearsed.by, at=timezone.now())
    assert isinstance(cut(lambda: runs.carry_out(run.pk, now=timezone.now)), OperationalError)
    run.refresh_from_db()
    assert (run.state, run.problem_count) == (State.INTERRUPTED, 0)
    page = site.get(f"{HOME}{run.pk}/").content.decode()
    assert "lost the database" in page and "Import now" in page
    again = processed(runs.start_again(run, is_rehearsal=False, by=run.by, at=timezone.now()))
    assert (again.state, Partner.objects.get(code="P1").name) == (State.DONE, "Nord Voice")


def test_connection_lost_at_the_end_is_an_interruption(other, send):
    run = send([zipped(other)])
    real = runs.start_again(run, is_rehearsal=False, by=run.by, at=timezone.now())
    times = []

    def now():
        times.append(timezone.now())
        if len(times) == 3:  # started, the day of the import, and now its end, which is written in its transaction
            with connection.cursor() as cursor, suppress(OperationalError):
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return times[-1]

    with pytest.raises(OperationalError):
        runs.carry_out(real.pk, now=now)
    real.refresh_from_db()
    assert (real.state, Partner.objects.get(code="P1").name) == (State.INTERRUPTED, "Another name")


def test_command_reports_the_lost_database(other, tmp_path):
    (tmp_path / "partners.csv").write_text(other["partners.csv"])
    told = cut(lambda: call_command("import_estate", tmp_path))
    assert isinstance(told, CommandError) and "The database connection was lost" in str(told)
    assert ImportRun.objects.get().state == State.INTERRUPTED
