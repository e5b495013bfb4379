"""Real processes around the test database: a Valkey, a Celery worker, a scheduler and a web server, to be killed and restarted."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import redis
from celery import current_app
from django.db import connection
from kombu.exceptions import OperationalError

from config import embedded
from tickets.models import Mail

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 180  # seconds; reached only when something is broken


def until(condition, what="it"):
    """Wait until a condition is true, and return its value."""
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, f"Waited {PATIENCE} s in vain for {what}."
        time.sleep(0.03)
    return value


def no_mail_is_owed():
    return not Mail.objects.filter(sent_at=None).exists()


def worker_answers():
    """Return whether a worker accepts tasks; on a very busy machine the queue itself can be too slow to say so."""
    try:
        return current_app.control.ping(timeout=1, limit=1)
    except (redis.exceptions.RedisError, OperationalError):
        return None


class Nursery:
    """The process that starts programs, see nursery.py. `start` does not wait until it has loaded the project."""

    def __init__(self, environment, log):
        self.environment, self.log = environment, log
        self.popen = None

    def start(self):
        if self.popen is None:
            command = [sys.executable, "-m", "tests.durability.nursery"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
            with self.log.open("ab") as output:
                self.popen = subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=output, start_new_session=True, **pipes)

    def begin(self, *program):
        """Start a program; return its process number."""
        print(json.dumps(program), file=self.popen.stdin, flush=True)
        number = self.popen.stdout.readline()
        assert number, f"No program starts.\n{self.log.read_text()}"
        return int(number)

    def stop(self):
        if self.popen:
            self.popen.communicate()


class Program:
    """A process with its children: `python -m module words`, started in its own group like those of `dev.py run`."""

    def __init__(self, nursery, log, module, *words, is_cold=False):
        self.nursery, self.told = nursery, (module, words, str(log), is_cold)
        self.pid = None

    def start(self):
        if not self.is_running:
            self.pid = self.nursery.begin(*self.told)

    @property
    def is_running(self):
        if self.pid is None:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self):
        """Send SIGKILL to the whole group, including what a killed parent left behind."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            until(lambda: not self.is_running, "the end of a killed process")


class Stack:
    """Valkey, worker, scheduler and web. `faults` and `postbox` are the folders of the modules of these names.

    `sweep` is the interval in seconds at which the database is searched for what the queue has lost. Where nothing is killed, the worker
    `keeps_time` itself: a separate scheduler loads all of the project once more.
    """

    def __init__(self, sweep=1, keeps_time=False):
        self.sweep, self.keeps_time = sweep, keeps_time
        self.folder = Path(tempfile.mkdtemp(prefix="careline-dur-"))  # short: the path of a socket is limited to 107 bytes
        self.faults, self.postbox = self.folder / "faults", self.folder / "postbox"
        self.faults.mkdir()
        self.postbox.mkdir()
        self.socket = self.folder / "valkey.sock"
        self.valkey = None
        self.nursery = Nursery(self.environment(), self.folder / "nursery.log")
        worker = ["-A", "tests.durability.faults", "--quiet", "worker", "-c", "2", "-l", "WARNING", "--without-gossip", "--without-mingle"]
        self.worker = self._program("worker", "celery", *worker, *(["--beat"] if keeps_time else []))
        self.web_socket = self.folder / "web.sock"
        web = ["--worker-class", "gthread", "--threads", "4", "--preload", "--no-control-socket", "--bind", f"unix:{self.web_socket}"]
        self.web = self._program("web", "gunicorn", *web, "tests.durability.web")
        beat = ["-A", "config.beat_scheduler", "--quiet", "beat", "-l", "WARNING", "--pidfile="]
        self.beat = self._program("beat", "celery", *beat, is_cold=True)

    def _program(self, name, module, *words, **more):
        return Program(self.nursery, self.folder / f"{name}.log", module, *words, **more)

    @property
    def broker(self):
        return f"redis+socket://{self.socket}"

    def environment(self):
        """Return the settings of the processes: the test database, and their own folders."""
        base = connection.settings_dict
        user = quote(base["USER"]) + (f":{quote(base['PASSWORD'])}" if base["PASSWORD"] else "")
        host = base["HOST"] or base["OPTIONS"].get("host", "")
        place, query = ("", f"?host={quote(host)}") if host.startswith("/") else (f"{host}:{base['PORT'] or 5432}", "")
        return os.environ | {
            "DATABASE_URL": f"postgres://{user}@{place}/{quote(base['NAME'])}{query}",
            "REDIS_URL": f"unix://{self.socket}",
            "DATA_DIR": str(self.folder),
            "SWEEP_SECONDS": str(self.sweep),
            "EMAIL_BACKEND": "tests.durability.postbox.Postbox",
            "POSTBOX": str(self.postbox),
            "FAULTS": str(self.faults),
        }

    def start(self):
        """Start what is not running."""
        self.nursery.start()
        self.start_valkey()
        self.web.start()
        self.start_worker()

    def start_worker(self):
        """Start worker and scheduler, and wait until the worker accepts tasks: on a busy machine its start takes long."""
        self.nursery.start()
        self.start_valkey()
        if not self.keeps_time:
            self.beat.start()
        self.worker.start()
        until(worker_answers, "the worker")

    def start_valkey(self):
        if self.valkey is None or self.valkey.poll() is not None:
            self.valkey = embedded.start_valkey(self.socket)

    def kill_valkey(self):
        """Kill Valkey with everything queued, like the crash of a Redis without persistence."""
        self.valkey.kill()
        self.valkey.wait()

    def set_trap(self, point, number, action):
        """See faults.py."""
        (self.faults / f"{point}-{number}").write_text(action)

    def is_set(self, point, number):
        """Return whether the trap has not been reached yet."""
        return (self.faults / f"{point}-{number}").exists()

    def mails(self, *tickets):
        """Return (to, subject) of every e-mail about these tickets that the worker passed to the mail server."""
        mails = [tuple(path.read_text().split("\n")[:2]) for path in self.postbox.glob("*.mail")]
        return sorted((to, subject) for to, subject in mails if any(f"#{ticket.pk}" in subject for ticket in tickets))

    def is_quiet(self):
        """Return whether nothing is queued and nobody else is in a transaction: then the tables can be emptied."""
        queued = redis.Redis(unix_socket_path=str(self.socket)).keys(f"{current_app.conf.task_default_queue}*")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            return not queued and cursor.fetchone() == (0,)

    def tidy(self):
        """Wait until a test's last messages are processed, and remove its faults and e-mails."""
        deadline = time.monotonic() + 60
        while not (no_mail_is_owed() and self.is_quiet()) and time.monotonic() < deadline:
            time.sleep(0.05)
        for path in (*self.faults.iterdir(), *self.postbox.iterdir()):
            path.unlink()

    def stop(self):
        for program in (self.web, self.beat, self.worker):
            program.kill()
        self.nursery.stop()
        self.kill_valkey()
        shutil.rmtree(self.folder)
