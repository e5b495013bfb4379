"""The project's Celery application with trapdoors, for worker processes of these tests only.

`celery -A tests.durability.faults worker` is the real worker; if the folder FAULTS contains a file `{point}-{ticket number}`, a task
about that ticket does what is written in the file when it reaches that point. The file is removed first, so that it happens once,
unless it begins with "always".
"""

import gc
import os
import signal
import time
from pathlib import Path

from celery.signals import task_postrun, task_prerun, worker_process_init

from config.celery import app  # noqa: F401

FOLDER = Path(os.environ.get("FAULTS", "nowhere"))  # tests import the names of the points from here
# In the order in which an execution reaches them.
POINTS = (
    "before_count",
    "after_count",
    "before_apply",
    "inside_apply",
    "after_apply",
    "after_move",
    "after_posting",
    "before_commit",
    "after_commit",
    "before_acknowledgement",
)
MAIL_POINTS = ("before_mail", "inside_mail", "after_mail")  # of an incoming e-mail, for the ticket None
IMPORT_POINTS = ("inside_import", "after_import")  # of a run of the import, by its key
CALL_POINTS = ("after_call",)  # of a webhook, for the ticket None: the call was made, and the worker has not recorded it
running = {}


def disconnect():
    """Act like a database that is shut down or fails over in the middle of a transaction."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def fail():
    raise RuntimeError("A trapdoor of the tests.")


def freeze():
    """Act like a machine suspended within a transaction, with a less patient PostgreSQL; its original timeout is written to the file."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        (limit,) = cursor.fetchone()
        cursor.execute("SET idle_in_transaction_session_timeout = '300ms'")
    (FOLDER / "stopping").write_text(f"{os.getpid()} {limit}")
    (FOLDER / "stopping").rename(FOLDER / "stopped")
    os.kill(os.getpid(), signal.SIGSTOP)


def hold():
    """Run for as long as the file `hold` exists; the end of such a task is reported by a file `ended`."""
    running["held"] = True
    (FOLDER / "holding").touch()
    while (FOLDER / "hold").exists():
        time.sleep(0.02)


ACTIONS = {
    "go on": lambda: None,  # the removed file shows that the point was reached
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "kill all": lambda: os.killpg(os.getpgrp(), signal.SIGKILL),
    "disconnect": disconnect,
    "fail": fail,
    "stand still": freeze,
    "hold": hold,
}


def reach(point):
    """Do what is requested for this point, if anything."""
    path = FOLDER / f"{point}-{running.get('number')}"
    try:
        action = path.read_text()
        if not action.startswith("always "):
            path.unlink()
    except FileNotFoundError:
        return
    ACTIONS[action.removeprefix("always ")]()


def surround(owner, name, before=None, after=None, *, takes_number=False):
    """Put points before and after a function of the project; one that takes a ticket's number is about that ticket."""
    original = getattr(owner, name)

    def surrounded(*args, **kwargs):
        if takes_number:
            running["number"] = args[0]
        if before:
            reach(before)
        result = original(*args, **kwargs)
        if after:
            reach(after)
        return result

    setattr(owner, name, surrounded)


@worker_process_init.connect
def install_trapdoors(**_):
    assert gc.isenabled() and gc.get_freeze_count(), "loading has ended (config/loading.py)"
    from estate import importer, runs
    from inbound import intake
    from inbound import tasks as inbound_tasks
    from tickets import tasks
    from tickets.services import execution, outbox, progress
    from tickets.types import TYPES, porting_date_change
    from webhooks import outbound_http

    for kind in TYPES.values():
        surround(kind, "apply", before="before_apply", after="after_apply")
    surround(porting_date_change, "send_porting_change", after="inside_apply")
    surround(execution, "_begin", after="after_count")
    surround(progress, "move", after="after_move")
    surround(outbox, "post", after="after_posting")
    surround(outbox, "post_charges", before="before_posting", after="before_commit", takes_number=True)
    surround(tasks.execution, "execute", before="before_count", after="after_commit")
    surround(inbound_tasks, "process", before="before_mail", after="after_mail")
    surround(intake, "_put_on_ticket", after="inside_mail")
    surround(importer, "_write", after="inside_import")
    surround(runs, "perform", after="after_import")
    surround(outbound_http, "post", after="after_call")


@task_prerun.connect
def enter(args=(), **_):
    running["number"] = args[0] if args else None


@task_postrun.connect
def leave(**_):
    reach("before_acknowledgement")
    if running.pop("held", False):
        (FOLDER / "ended").touch()
