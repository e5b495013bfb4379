"""Child processes that end with their parent, and waiting for servers to answer."""

import contextlib
import ctypes
import hashlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
# Resolved here: as little as possible should happen between fork and exec.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


class ServiceError(RuntimeError):
    """A service cannot be started; the message says how to solve it."""


def end_with_parent(signal_number):
    """Return a `preexec_fn` by which the child receives this signal when its parent dies, even by SIGKILL (Linux only).

    The kernel watches the thread that started the child, so start children from the main thread.
    """
    parent = os.getpid()

    def prepare():
        if _prctl:
            _prctl(PR_SET_PDEATHSIG, int(signal_number))
            if os.getppid() != parent:  # the parent died before the kernel knew
                os._exit(1)

    return prepare


def short_name(data_dir):
    """Return a name for this user's services of a data directory, for use in socket paths."""
    return f"careline-{os.geteuid()}-{hashlib.sha256(os.fsencode(Path(data_dir).resolve())).hexdigest()[:10]}"


def socket_directory(data_dir, name, owner=None):
    """Return a short directory for sockets (their paths are limited to 107 bytes), one per user, data directory and service.

    `name` is the service's name, `owner` the pwd entry of the user it runs as, if another.
    """
    base = Path("/tmp" if os.access("/tmp", os.W_OK) else tempfile.gettempdir())  # noqa: S108
    path = base / f"{short_name(data_dir)}-{name}"
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), owner.pw_uid if owner else os.geteuid()}:
        raise ServiceError(f"{path} belongs to another user. Remove it, or choose another DATA_DIR.")
    if owner:
        os.chown(path, owner.pw_uid, owner.pw_gid)
    path.chmod(0o700)
    return path


def start(service, patience=120):
    """Start a Postgres or Valkey and wait until it answers. Return its Popen."""
    service.prepare()
    deadline = time.monotonic() + patience
    for attempt in range(1, 6):
        process = service.spawn()
        while process.poll() is None:
            if service.answers():
                return process
            if time.monotonic() > deadline:
                stop(process)
                raise ServiceError(f"{service.name} does not answer.\n{service.last_words()}")
            time.sleep(0.02)
        # Children of a killed predecessor may hold its shared memory for another moment.
        time.sleep(0.2 * attempt)
    raise ServiceError(f"{service.name} does not start.\n{service.last_words()}")


def stop(process, signal_number=signal.SIGTERM, patience=10):
    """Stop a process with the signal, and kill it if it has not ended after `patience` seconds."""
    if process.poll() is None:
        process.send_signal(signal_number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def spawn(command, log, signal_number, **options):
    """Start a server as a child that ends with this process; return its Popen. A log that has grown large is set aside."""
    path = Path(log or os.devnull)
    if path.is_file() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".log.old"))
    with path.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent(signal_number),
            **options,
        )


def tail(path):
    """Return the last twelve lines of a log file, for an error message."""
    if path is None or not Path(path).exists():
        return ""
    return "\n".join(Path(path).read_text(errors="replace").splitlines()[-12:])
