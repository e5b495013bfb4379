"""Runs of the import, each carried out once: rehearsed, then for real, with who asked for it and what came of it (docs/decisions/0291).

While a run is at work a connection of its own holds a lock of PostgreSQL that ends with it: whose lock is free has died. What is
imported is committed together with the word that it is; all other states are committed by themselves.
"""

import csv
import logging
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from engine import hints
from engine.pooled import held
from estate import uploads
from estate.importer import import_files
from estate.models import ImportRun
from estate.problems import ImportRefused, Problem, shortened
from estate.upsert import SHOWN
from tickets.services import overtaken
from tickets.services.delivery import tell_queue
from tickets.services.lifecycle import NotNow

log = logging.getLogger(__name__)
State = ImportRun.State
MOVING = (State.WAITING, State.RUNNING)
LOCK = 0x72756E  # with the key of the run
KEPT = timedelta(days=7)  # uploaded files that nobody imports or discards
OF_EACH, MOST = 20, 200  # problems that stay with the run, of each column and in all
TASK = "estate.tasks.carry_out"
PROBLEMS = "problems"  # the file with all of them


class MakesWay(Exception):
    """Another import is running: this one keeps no place of the worker waiting for it."""


def start(uploaded, *, by, at):
    """Keep the files and promise their rehearsal. Raises ValidationError. Gives the run."""
    found = uploads.taken(uploaded)
    folder, files = uploads.keep(uploaded, found)
    return _promise(folder, files, is_rehearsal=True, by=by, at=at)


@transaction.atomic
def follow(run, *, is_rehearsal, by, at):
    """Promise a further run over the same files. Raises NotNow. Gives it."""
    latest = _latest(run)
    if not offered(latest)["rehearse" if is_rehearsal else "import"]:
        raise _too_late(latest)
    return _promise(latest.folder, latest.files, is_rehearsal=is_rehearsal, by=by, at=at)


@transaction.atomic
def discard(run, *, by, at):
    """Delete the uploaded files; what was found stays on record. Raises NotNow."""
    latest = _latest(run)
    if not offered(latest)["discard"]:
        raise _too_late(latest)
    ImportRun.objects.filter(pk=latest.pk).update(discarded_by=by)
    _let_go(latest.folder, at)


def offered(run):
    """{what: whether it can be done with the files of this run, the latest of its folder}."""
    is_free = run.folder is not None and run.files_gone_at is None and run.state not in MOVING
    imports = run.state == (State.DONE if run.is_rehearsal else State.INTERRUPTED)
    return {"discard": is_free, "import": is_free and imports, "rehearse": is_free and not imports}


def latest_of(run):
    """The last run over the same files."""
    return ImportRun.objects.filter(folder=run.folder).order_by("pk").last() if run.folder else run


def rehearsal_of(run):
    """The last rehearsal of the same files that went through, or None."""
    done = ImportRun.objects.filter(folder=run.folder, is_rehearsal=True, state=State.DONE, pk__lt=run.pk)
    return done.order_by("pk").last() if run.folder else None


def is_dead(run):
    """Whether the run was at work and nobody is any more."""
    if run.state != State.RUNNING:
        return False
    locks = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND database = (SELECT oid FROM pg_database"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({locks} WHERE datname = current_database()))", [LOCK, run.pk])
        if cursor.fetchone()[0]:
            return False
    run.refresh_from_db()  # it may have ended between the two looks
    return run.state == State.RUNNING


def settle(*, at):
    """Say of runs whose process has died that they were interrupted."""
    for pk in ImportRun.objects.filter(state=State.RUNNING).values_list("pk", flat=True):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, pk])
            if cursor.fetchone()[0]:
                _end(pk, State.INTERRUPTED, finished_at=at)


def waiting():
    """The runs that are still to be begun, the longest first; none while another one is at work."""
    if ImportRun.objects.filter(state=State.RUNNING).exists():
        return []
    return list(ImportRun.objects.filter(state=State.WAITING, folder__isnull=False).order_by("asked_at", "pk").values_list("pk", flat=True))


def carry_out(pk, *, now):
    """Rehearse or import the files of a run that waits; `now` gives the time. Safe to call at any time, twice, beside itself."""
    with held(LOCK, pk) as is_held:
        if not is_held or pk not in waiting():
            return
        if not ImportRun.objects.filter(pk=pk, state=State.WAITING).update(state=State.RUNNING, started_at=now()):
            return
        run = ImportRun.objects.get(pk=pk)
        sources = uploads.sources(run.folder, run.files, _progress(run))
        try:
            perform(run, sources, now=now, waits=_make_way)
        except MakesWay:
            ImportRun.objects.filter(pk=pk, state=State.RUNNING).update(state=State.WAITING, started_at=None)
        except ImportRefused:
            log.info("Import %s was refused.", pk)


@contextmanager
def by_command(names, *, is_rehearsal, system_user, at):
    """A run of the command line over files of these names, on record from its beginning; for the `with` it is at work."""
    values = {"system_user": system_user[:100], "files": [{"name": name} for name in names], "asked_at": at, "started_at": at}
    with ExitStack() as stack:
        with transaction.atomic():  # nobody sees it running before it is held
            run = ImportRun.objects.create(is_rehearsal=is_rehearsal, state=State.RUNNING, **values)
            stack.enter_context(held(LOCK, run.pk))
        yield run


def perform(run, sources, *, now, waits=None):
    """Rehearse or import `sources` (file name -> uploads.Source) and keep what came of it. Gives the changes.

    Raises ImportRefused, and whatever else ends it, after it has been kept.
    """
    try:
        done = None if run.is_rehearsal else lambda changes: _finish(run, sources, changes, now())
        changes = import_files(sources, today=now().date(), dry_run=run.is_rehearsal, waits=waits, done=done)
        if run.is_rehearsal:
            _finish(run, sources, changes, now())
        return changes
    except MakesWay:
        raise
    except ImportRefused as refused:
        _keep_problems(run, sources, refused.problems, now())
        raise
    except BaseException:  # also Ctrl-C, and the limit of the worker's time
        with suppress(DatabaseError):  # while it is away the sweep says so
            _end(run.pk, State.INTERRUPTED, finished_at=now())
        raise


def progress(run):
    """How much of the files has been read, in percent; None where it is not known."""
    told = hints.ask("return redis.call('GET', KEYS[1])", f"import:{run.pk}")
    return int(told) if told else None


def all_problems(run):
    """Every problem of a refused run as (file, line, column, reason), while its files are there; then the first ones."""
    try:
        with (uploads.path_of(run.folder) / f"{PROBLEMS}-{run.pk}").open(encoding="utf-8", newline="") as file:
            yield from csv.reader(file)
    except OSError:
        yield from run.problems


def forget_files(*, at):
    """Delete uploaded files that nobody has imported or discarded in time, and what a killed process has left of others."""
    old = ImportRun.objects.filter(files_gone_at=None, folder__isnull=False, asked_at__lt=at - KEPT)
    for run in old.exclude(state__in=MOVING).order_by("pk"):
        with transaction.atomic():
            latest = _latest(run)
            if latest.files_gone_at is None and latest.state not in MOVING and latest.asked_at < at - KEPT:
                _let_go(run.folder, at)
    there = {str(folder) for folder in ImportRun.objects.filter(files_gone_at=None, folder__isnull=False).values_list("folder", flat=True)}
    for path in uploads.path_of("").glob("*"):
        if path.name not in there and path.stat().st_mtime < (at - timedelta(days=1)).timestamp():
            uploads.remove(path.name)


def _promise(folder, files, **values):
    with transaction.atomic():
        values["asked_at"] = values.pop("at")
        run = ImportRun.objects.create(folder=folder, files=files, **values)
        transaction.on_commit(lambda: tell_queue(TASK, run.pk))
    return run


def _too_late(latest):
    """Somebody else was faster, or it was pressed twice."""
    if latest.state in MOVING:
        return NotNow(_("%(name)s has started this already: here is how far it is.") % {"name": latest.by})
    return NotNow(_("This is not possible any more: see how it stands now."))


def _latest(run):
    """The last run over the same files, which are this transaction's from here on: whoever was faster is seen."""
    if run.folder is None:
        raise NotNow(_("The files of a command are not kept."))
    ImportRun.objects.select_for_update(no_key=True).filter(folder=run.folder).order_by("pk").first()
    latest = latest_of(run)
    if is_dead(latest):
        _end(latest.pk, State.INTERRUPTED, finished_at=None)
        latest.refresh_from_db()
    return latest


def _let_go(folder, at):
    ImportRun.objects.filter(folder=folder).update(files_gone_at=at)
    transaction.on_commit(lambda: uploads.remove(folder))


def _make_way():
    raise MakesWay


def _progress(run):
    """What is told of the bytes that are read, and tells at most twice a second how many percent they are."""
    whole, read, told = sum(file["size"] for file in run.files) or 1, 0, 0.0

    def tell(size):
        nonlocal read, told
        read += size
        if time.monotonic() > told + 0.5 or read >= whole:
            told = time.monotonic()
            hints.ask("return redis.call('SET', KEYS[1], ARGV[1], 'EX', 600)", f"import:{run.pk}", min(100 * read // whole, 100))

    return tell


def _end(pk, state, **values):
    """The last word on a run that is at work. Gives whether it still was."""
    return ImportRun.objects.filter(pk=pk, state=State.RUNNING).update(state=state, **values)


def _finish(run, sources, changes, at):
    """Keep what has been done; of a real import in its transaction. Raises ImportRefused for files that are not those rehearsed."""
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
        raise RuntimeError("This run has been ended by somebody else.")
    if not run.is_rehearsal:
        overtaken.look(at=at)
        if run.folder:
            _let_go(run.folder, at)


def _facts(run, sources):
    return [file | sources[file["name"]].facts() for file in run.files]


def _keep_problems(run, sources, problems, at):
    if run.folder:
        path = uploads.path_of(run.folder) / f"{PROBLEMS}-{run.pk}"
        # Without room for all of them the first ones are on the page.
        with suppress(OSError), path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(problems)
    with suppress(ImportRefused, OSError):  # a damaged file has no facts
        if not all("sha256" in file for file in run.files):
            run.files = _facts(run, sources)
    first = shortened(problems, OF_EACH)
    _end(run.pk, State.REFUSED, finished_at=at, files=run.files, problems=first[:MOST], problem_count=len(problems))
