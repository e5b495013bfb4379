"""Runs of the import, each performed once: a rehearsal, then the import, with who started it and the result (docs/decisions/0291).

An active run holds a PostgreSQL lock on a separate connection, which ends with its process: if the lock is free, the run has died.
The DONE state of a real import is committed together with its changes; all other states are committed on their own.
"""

import csv
import logging
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from engine import hints
from engine.pooler import advisory_lock
from estate import uploads
from estate.importer import import_files
from estate.models import ImportRun
from estate.problems import ImportRefused, Problem, shortened
from estate.upsert import SHOWN
from tickets.services import obsolete_transfers
from tickets.services.lifecycle import NotNow
from tickets.services.outbox import send_task

log = logging.getLogger(__name__)
State = ImportRun.State
MOVING = (State.WAITING, State.RUNNING)
LOCK = 0x72756E  # advisory lock, together with the run's primary key
KEPT = timedelta(days=7)  # for uploaded files that nobody imports or discards
OF_EACH, MOST = 20, 200  # problems stored with the run: per column, and in total
TASK = "estate.tasks.carry_out"
PROBLEMS = "problems"  # name of the file with all problems


class ImportRunning(Exception):
    """Another import is running, and this one must not occupy the worker while it waits."""


def start(uploaded, *, by, at):
    """Save the files and queue their rehearsal. Return the run. Raise ValidationError."""
    found = uploads.accepted(uploaded)
    folder, files = uploads.keep(uploaded, found)
    return _queue(folder, files, is_rehearsal=True, by=by, at=at)


@transaction.atomic
def start_again(run, *, is_rehearsal, by, at):
    """Queue another run over the same files. Return it. Raise NotNow."""
    latest = _latest(run)
    if not offered(latest)["rehearse" if is_rehearsal else "import"]:
        raise _second(latest)
    return _queue(latest.folder, latest.files, is_rehearsal=is_rehearsal, by=by, at=at)


@transaction.atomic
def discard(run, *, by, at):
    """Delete the uploaded files; the run stays on record. Raise NotNow."""
    latest = _latest(run)
    if not offered(latest)["discard"]:
        raise _second(latest)
    ImportRun.objects.filter(pk=latest.pk).update(discarded_by=by)
    _release(latest.folder, at)


def offered(run):
    """Return {action: whether it is possible} for the latest run over its files."""
    is_free = run.folder is not None and run.files_gone_at is None and run.state not in MOVING
    imports = run.state == (State.DONE if run.is_rehearsal else State.INTERRUPTED)
    return {"discard": is_free, "import": is_free and imports, "rehearse": is_free and not imports}


def latest_of(run):
    """Return the latest run over the same files."""
    return ImportRun.objects.filter(folder=run.folder).order_by("pk").last() if run.folder else run


def rehearsal_of(run):
    """Return the latest successful rehearsal of the same files, or None."""
    done = ImportRun.objects.filter(folder=run.folder, is_rehearsal=True, state=State.DONE, pk__lt=run.pk)
    return done.order_by("pk").last() if run.folder else None


def is_dead(run):
    """Return whether the run was active and its process has died."""
    if run.state != State.RUNNING:
        return False
    locks = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND database = (SELECT oid FROM pg_database"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({locks} WHERE datname = current_database()))", [LOCK, run.pk])
        if cursor.fetchone()[0]:
            return False
    run.refresh_from_db()  # it may have ended between the two queries
    return run.state == State.RUNNING


def mark_interrupted(*, at):
    """Mark runs whose process has died as interrupted."""
    for pk in ImportRun.objects.filter(state=State.RUNNING).values_list("pk", flat=True):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, pk])
            if cursor.fetchone()[0]:
                _end(pk, State.INTERRUPTED, finished_at=at)


def waiting():
    """Return the keys of the runs that wait to be started, the oldest first; none while another one is active."""
    if ImportRun.objects.filter(state=State.RUNNING).exists():
        return []
    return list(ImportRun.objects.filter(state=State.WAITING, folder__isnull=False).order_by("asked_at", "pk").values_list("pk", flat=True))


def carry_out(pk, *, now):
    """Rehearse or import the files of a waiting run; `now` returns the time. Safe to call at any time, concurrently and repeatedly."""
    with advisory_lock(LOCK, pk) as is_held:
        if not is_held or pk not in waiting():
            return
        if not ImportRun.objects.filter(pk=pk, state=State.WAITING).update(state=State.RUNNING, started_at=now()):
            return
        run = ImportRun.objects.get(pk=pk)
        sources = uploads.sources(run.folder, run.files, _progress(run))
        try:
            perform(run, sources, now=now, waits=_make_way)
        except ImportRunning:
            ImportRun.objects.filter(pk=pk, state=State.RUNNING).update(state=State.WAITING, started_at=None)
        except ImportRefused:
            log.info("Import %s was refused.", pk)


@contextmanager
def by_command(names, *, is_rehearsal, system_user, at):
    """Record a command-line run over files of these names; within the `with` block it counts as active."""
    values = {"system_user": system_user[:100], "files": [{"name": name} for name in names], "asked_at": at, "started_at": at}
    with ExitStack() as stack:
        with transaction.atomic():  # so that nobody sees it running before its lock is held
            run = ImportRun.objects.create(is_rehearsal=is_rehearsal, state=State.RUNNING, **values)
            stack.enter_context(advisory_lock(LOCK, run.pk))
        yield run


def perform(run, sources, *, now, waits=None):
    """Rehearse or import `sources` (file name -> uploads.Source) and record the result. Return the changes.

    Raise ImportRefused, or any other exception that ends the run, after recording it.
    """
    try:
        done = None if run.is_rehearsal else lambda changes: _finish(run, sources, changes, now())
        changes = import_files(sources, today=now().date(), dry_run=run.is_rehearsal, waits=waits, done=done)
        if run.is_rehearsal:
            _finish(run, sources, changes, now())
        return changes
    except ImportRunning:
        raise
    except ImportRefused as refused:
        _keep_problems(run, sources, refused.problems, now())
        raise
    except BaseException:  # including Ctrl-C and the task's time limit
        with suppress(DatabaseError):  # if the database is unavailable the sweep records it later
            _end(run.pk, State.INTERRUPTED, finished_at=now())
        raise


def progress(run):
    """Return the percentage of the files that has been read, or None if unknown."""
    told = hints.evaluate("return redis.call('GET', KEYS[1])", f"import:{run.pk}")
    return int(told) if told else None


def all_problems(run):
    """Yield all problems of a refused run as (file, line, column, reason) while its files exist; later only the first ones."""
    try:
        with (uploads.path_of(run.folder) / f"{PROBLEMS}-{run.pk}").open(encoding="utf-8", newline="") as file:
            yield from csv.reader(file)
    except OSError:
        yield from run.problems


def forget_files(*, at):
    """Delete uploaded files that nobody has imported or discarded in time, and remains left by killed processes."""
    old = ImportRun.objects.filter(files_gone_at=None, folder__isnull=False, asked_at__lt=at - KEPT)
    for run in old.exclude(state__in=MOVING).order_by("pk"):
        with transaction.atomic():
            latest = _latest(run)
            if latest.files_gone_at is None and latest.state not in MOVING and latest.asked_at < at - KEPT:
                _release(run.folder, at)
    there = {str(folder) for folder in ImportRun.objects.filter(files_gone_at=None, folder__isnull=False).values_list("folder", flat=True)}
    for path in uploads.path_of("").glob("*"):
        if path.name not in there and path.stat().st_mtime < (at - timedelta(days=1)).timestamp():
            uploads.remove(path.name)


def _queue(folder, files, **values):
    with transaction.atomic():
        values["asked_at"] = values.pop("at")
        run = ImportRun.objects.create(folder=folder, files=files, **values)
        transaction.on_commit(lambda: send_task(TASK, run.pk))
    return run


def _second(latest):
    """Return the NotNow for somebody who came second, or pressed the button twice."""
    if latest.state in MOVING:
        return NotNow(_("%(name)s has already started this. You can follow the progress here.") % {"name": latest.by})
    return NotNow(_("This is no longer possible. This page shows the current state."))


def _latest(run):
    """Return the latest run over the same files, locking them for this transaction, so that concurrent changes are noticed."""
    if run.folder is None:
        raise NotNow(_("Files imported on the command line are not kept."))
    ImportRun.objects.select_for_update(no_key=True).filter(folder=run.folder).order_by("pk").first()
    latest = latest_of(run)
    if is_dead(latest):
        _end(latest.pk, State.INTERRUPTED, finished_at=None)
        latest.refresh_from_db()
    return latest


def _release(folder, at):
    ImportRun.objects.filter(folder=folder).update(files_gone_at=at)
    transaction.on_commit(lambda: uploads.remove(folder))


def _make_way():
    raise ImportRunning


def _progress(run):
    """Return a function that counts the bytes read and publishes the percentage at most twice a second."""
    whole, read, told = sum(file["size"] for file in run.files) or 1, 0, 0.0

    def tell(size):
        nonlocal read, told
        read += size
        if time.monotonic() > told + 0.5 or read >= whole:
            told = time.monotonic()
            hints.evaluate("return redis.call('SET', KEYS[1], ARGV[1], 'EX', 600)", f"import:{run.pk}", min(100 * read // whole, 100))

    return tell


def _end(pk, state, **values):
    """Set the final state of an active run. Return whether it was still active."""
    return ImportRun.objects.filter(pk=pk, state=State.RUNNING).update(state=state, **values)


def _finish(run, sources, changes, at):
    """Record a successful run, in the transaction of a real import. Raise ImportRefused if the files are not those rehearsed."""
    before, rows = {file["name"]: file.get("sha256") for file in run.files}, {change.file: change.rows for change in changes}
    files = _facts(run, sources)
    if not run.is_rehearsal and (others := [file["name"] for file in files if before[file["name"]] not in (None, file["sha256"])]):
        raise ImportRefused([Problem(name, 0, "", _("is not the file that was rehearsed.")) for name in others])
    files = [file | {"rows": rows[file["name"]]} for file in files]
    told = [
        {name: value for name, value in vars(change).items() if name != "seconds"}
        | {"ported_out": change.ported_out[:SHOWN], "all_ported_out": len(change.ported_out)}
        for change in changes
    ]
    if not _end(run.pk, State.DONE, finished_at=at, files=files, changes=told):
        raise RuntimeError("This run was ended by another process.")
    if not run.is_rehearsal:
        obsolete_transfers.hand_back_obsolete(at=at)
        if run.folder:
            _release(run.folder, at)


def _facts(run, sources):
    return [file | sources[file["name"]].facts() for file in run.files]


def _keep_problems(run, sources, problems, at):
    if run.folder:
        path = uploads.path_of(run.folder) / f"{PROBLEMS}-{run.pk}"
        # If the disk is full, the first ones are still stored with the run.
        with suppress(OSError), path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(problems)
    with suppress(ImportRefused, OSError):  # a damaged file has no facts
        if not all("sha256" in file for file in run.files):
            run.files = _facts(run, sources)
    first = shortened(problems, OF_EACH)
    _end(run.pk, State.REFUSED, finished_at=at, files=run.files, problems=first[:MOST], problem_count=len(problems))
