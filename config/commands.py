"""The commands of `dev.py`, run in the Python of .venv/."""

import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from config import embedded
from config.embedded.process import end_with_parent
from config.environment import Environment
from config.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
HEALTH = "/api/v1/health/"
# One process for all steps, because loading Django takes longer than any of them.
PREPARE = """
import sys, django
from django.core.management import call_command
from config.loading import loading
with loading():
    django.setup()
call_command("migrate", verbosity=0, interactive=False)
for command in sys.argv[1:]:
    call_command(command, "--if-empty")
"""
# The headless shell has the same engine and takes half the processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(name, words):
    """Run the command `name` with the remaining words of the command line; return the exit status."""
    command = {"run": run, "test": test, "lint": lint, "bench": bench, "services": services, "shell": shell}[name]
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        return command(words)
    except KeyboardInterrupt:
        return 0 if name in {"run", "services"} else 130
    except BrokenPipeError:  # the reader of our output has gone
        return 1
    except embedded.ServiceError as error:
        sys.exit(str(error))


def run(words):
    """Serve the web application with worker and scheduler until Ctrl-C."""
    leases = embedded.leases(data_dir())
    with _only_one("run"), _bound(_port()) as listener, embedded.held(leases) as urls:
        port = listener.getsockname()[1]
        environment = _environment(urls, data_dir()) | {"PORT": str(port)}
        logins = _prepare(environment)
        with _supervised(listener, environment) as supervisor:
            address = f"http://127.0.0.1:{port}"
            codes = [f"E-mails, including sign-in codes, are at {address}/mailbox/"] if logins else []
            print("", *logins.splitlines(), *codes, f"Careline is running at {address}", "Ctrl-C stops it.", "", sep="\n", flush=True)
            while True:
                supervisor.step(1)
                for lease in leases.values():
                    lease.renew()


def test(words):
    """Run pytest with separate services, which are faster because they would lose data in a power cut."""
    directory = data_dir() / "test"
    leases = embedded.leases(directory, fast=True)
    lock = _lock(directory, "test")
    if not _try(lock):
        print("Waiting for another test run of this checkout to finish ...", file=sys.stderr, flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_inheritable(lock, True)
    for lease in leases.values():
        lease.ask()
        lease.outlive_exec()
    environment = _environment({variable: lease.wait() for variable, lease in leases.items()}, directory)
    environment |= _browser()
    chosen = any(word.startswith(("-n", "--numprocesses")) or "no:xdist" in word for word in words)
    # One per core: while a worker waits, the databases and browsers of the tests use the cores; with all browser tests, one more.
    workers = [] if chosen else ["-n", str(max(2, os.cpu_count() or 2) + (os.environ.get("CI") == "true"))]
    # pytest replaces this process, so that it gets the signals and its exit status and last line are ours.
    os.chdir(ROOT)
    os.execve(PYTHON, [PYTHON, "-m", "pytest", *workers, *words], environment)


CURES = {
    "ruff format": ".venv/bin/ruff format .",
    "python manage.py makemigrations": ".venv/bin/python manage.py makemigrations APP -n NAME",
}


def lint(words):
    """Run all checks other than tests; return 1 if one fails."""
    tools = Path(PYTHON).parent
    checks = [
        [tools / "ruff", "check", "."],
        [tools / "ruff", "format", "--check", "."],
        [tools / "lint-imports"],
        [tools / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    ]
    directory = data_dir() / "test"
    failed = []
    with embedded.running(directory, fast=True) as urls:
        for command in checks:
            name = " ".join([Path(command[0]).name, *command[1:]])
            print(f"== {name}", flush=True)
            if subprocess.call(command, cwd=ROOT, env=_environment(urls, directory)):
                failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    for command, cure in CURES.items():
        if any(name.startswith(command) for name in failed):
            print(f"Run {cure} to fix {command}.")
    return bool(failed)


def bench(words):
    """Run bench/run.py against a warm server with a database of its own, at the address in BENCH_URL."""
    script, directory = ROOT / "bench" / "run.py", data_dir() / "bench"
    if not script.exists():
        sys.exit("This checkout has no bench/run.py.")
    with (
        _only_one("bench", directory),
        _bound(0) as listener,
        embedded.running(directory) as urls,
        (directory / "bench.log").open("wb") as log,
    ):
        port = listener.getsockname()[1]
        # Measure without the limit of calls per minute.
        unlimited = {"API_CALLS_PER_MINUTE": "1000000"}
        environment = _environment(urls, directory) | unlimited | {"PORT": str(port), "BENCH_URL": f"http://127.0.0.1:{port}"}
        _prepare(environment)
        with _supervised(listener, environment, log) as supervisor:
            measuring = subprocess.Popen([PYTHON, script, *words], cwd=ROOT, env=environment, preexec_fn=end_with_parent(signal.SIGTERM))
            while measuring.poll() is None:
                supervisor.step()
            return measuring.returncode


def services(words):
    """Keep the embedded services running until Ctrl-C, and print their addresses."""
    with embedded.running(data_dir()) as urls:
        print(*(f"{name}='{url}'" for name, url in urls.items()), sep="\n", flush=True)
        while True:
            signal.pause()


def shell(words):
    """Start Django's shell, with the services it needs."""
    os.execv(PYTHON, [PYTHON, str(ROOT / "manage.py"), "shell", *words])


def data_dir():
    """Return the directory with the state of this checkout."""
    return Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()


def _interrupt(*_):
    raise KeyboardInterrupt


def _environment(urls, directory):
    """Return the environment of our processes. It allows Python to cache compiled files, since many processes use the same sources."""
    ours = {**urls, "DATA_DIR": str(directory), "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1"}
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | ours


def _prepare(environment):
    """Migrate the database and fill a new one; return the demo's list of logins."""
    print("Preparing the database (the first start also loads the demo estate) ...", file=sys.stderr, flush=True)
    demo = Environment(environment).is_demo()
    done = subprocess.run(
        [PYTHON, "-c", PREPARE, *(["load_demo", "load_desk"] if demo else [])],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C reaches it through us, without a traceback
        preexec_fn=end_with_parent(signal.SIGTERM),
    )
    if done.returncode:
        log = Path(environment["DATA_DIR"]) / "services" / "postgres.log"
        sys.exit(f"The database could not be prepared. See the output above{f' and the end of {log}' if log.exists() else ''}.")
    return done.stdout


def _processes(listener):
    """Return the commands in starting order; `listener` is the descriptor of the web server's socket."""
    # Containers run as root, about which Celery prints a screenful of warnings.
    quiet = ["-W", "ignore:You're running the worker with superuser"]
    # People wait for pages, nobody waits for tasks: pages get the processor first.
    behind = ["nice", "-n", "10"] if shutil.which("nice") else []
    celery = [*behind, PYTHON, *quiet, "-m", "celery", "--quiet", "--workdir", str(ROOT), "--app"]
    level = ["--loglevel", "WARNING"]
    web = ["--chdir", str(ROOT), "--bind", f"fd://{listener}", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    # Its control socket would be in the home directory, shared by all checkouts.
    grace = ["--graceful-timeout", "4", "--no-control-socket", "--config", str(ROOT / "config/gunicorn_settings.py")]
    return {
        "web": [PYTHON, "-m", "gunicorn", *web, *grace, "config.wsgi"],
        "worker": [*celery, "config.celery", "worker", "--concurrency", "2", *level, "--without-gossip", "--without-mingle"],
        # Not `worker --beat`: as a separate process the scheduler survives a killed worker, and there is
        # exactly one however many workers there are, as in production.
        "beat": [*celery, "config.beat_scheduler", "beat", *level, "--pidfile="],
    }


@contextmanager
def _supervised(listener, environment, output=None):
    """Run the processes within the block, which starts with the first response of the web server at the socket `listener`.

    The socket listens from here on, even while the web server restarts. Preparing the database may have taken a minute, in which another
    process may have started to listen on the port; then this ends, since that process would answer instead of ours.
    """
    port = listener.getsockname()[1]
    _or_end(listener.listen, port=port)
    supervisor = Supervisor(_processes(listener.fileno()), environment, output, {"web": [listener.fileno()]})
    try:
        supervisor.start()
        _until_it_answers(supervisor, port)
        yield supervisor
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: supervisor.hurry())
        supervisor.stop()


def _until_it_answers(supervisor, port):
    """Wait for the first response of the web server, whatever its status; the worker's first heartbeat may come later."""
    while True:
        supervisor.step(0.1)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", HEALTH)
            connection.getresponse().read()
            return
        except OSError:
            if supervisor.processes[0].crashes > 3:
                raise embedded.ServiceError("The web server does not start. See its output above.") from None
        finally:
            connection.close()


def _port():
    """Return the port of PORT, or the default."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        sys.exit(f"PORT is {text!r}, but must be a number such as 8001.")
    return int(text)


def _bound(port):
    """Return a socket bound to this port of this machine, 0 for any. Until it listens, connections are refused."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _or_end(bound.bind, ("127.0.0.1", port), port=port)
    return bound


def _or_end(take, *words, port):
    try:
        take(*words)
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another one: PORT=8001 python3 dev.py run")


@contextmanager
def _only_one(name, directory=None):
    """Refuse to run twice in the same data directory: two schedulers would share one queue."""
    lock = _lock(directory or data_dir(), name)
    if not _try(lock):
        sys.exit(f"dev.py {name} is already running in this checkout. A second one needs another DATA_DIR and PORT.")
    try:
        yield
    finally:
        os.close(lock)


def _lock(directory, name):
    return embedded.open_lock(directory / "services" / f"{name}.lock")


def _try(lock):
    return embedded.take(lock, fcntl.LOCK_EX)


def _browser():
    """Return {CHROMIUM: path} for the browser tests, or print how to install it."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path:
        return {"CHROMIUM": path}
    print("No Chromium found: the browser tests will fail. Debian: apt-get install chromium-headless-shell;", file=sys.stderr)
    print("elsewhere install Chromium or Chrome and set CHROMIUM to its path.", file=sys.stderr, flush=True)
    return {}
