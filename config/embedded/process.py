"""Child processes that end with their parent, and waiting until a server answers."""

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
# Looked up here: between fork and exec there should be as little work as possible.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


class ServiceError(RuntimeError):
    """A service cannot be started; the message says what to do about it."""


def end_with_parent(signal_number):
    """A `preexec_fn`: the child receives this signal when its parent dies, even by SIGKILL (Linux only).

    The kernel watches the thread that started the child, so start children from the main thread.
    """
    parent = os.getpid()

    def prepare():
        if _prctl:
            _prctl(PR_SET_PDEATHSIG, int(signal_number))
            if os.getppid() != parent:  # died before the kernel was told
                os._exit(1)

    return prepare


def short_name(data_dir):
    """A name for this user's services of a data directory, seen in the paths of their sockets."""
    return f"careline-{os.geteuid()}-{hashlib.sha256(os.fsencode(Path(data_dir).resolve())).hexdigest()[:10]}"


def socket_directory(data_dir, name, owner=None):
    """A short directory for sockets (their paths have a limit of 107 bytes), one per user, data directory and service.

    In: the data directory, the service's name, and the pwd entry of the user it runs as, if another. Out: the path.
    """
    base = Path("/tmp" if os.access("/tmp", os.W_OK) else tempfile.gettempdir())  # noqa: S108
    path = base / f"{short_name(data_dir)}-{name}"
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), owner.pw_uid if owner else os.geteuid()}:
        raise ServiceError(f"{path} belongs to somebody else: remove it, or choose another DATA_DIR.")
    if owner:
        os.chown(path, owner.pw_uid, owner.pw_gid)
    path.chmod(0o700)
    return path


def start(service, patience=120):
    """Start a service and wait until it answers. In: a Postgres or Valkey. Out: its Popen."""
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
        # Children of a killed predecessor may hold its memory a moment longer.
        time.sleep(0.2 * attempt)
    raise ServiceError(f"{service.name} does not start.\n{service.last_words()}")


def stop(process, signal_number=signal.SIGTERM, patience=10):
    """Stop a process: ask with the signal, and kill it when it has not ended after `patience` seconds."""
    if process.poll() is None:
        process.send_signal(signal_number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def spawn(command, log, signal_number, **options):
    """Start a server as a child that ends with this process; gives its Popen. A log that has grown large is set aside."""
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
    """The last twelve lines of a log file, for an error message."""
    if path is None or not Path(path).exists():
        return ""
    return "\n".join(Path(path).read_text(errors="replace").splitlines()[-12:])
