"""The client side of an embedded service: hold a shared lock, make sure that a keeper runs, and get the address."""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

from .process import ServiceError, tail


def take(descriptor, mode):
    """Try to lock an open file without waiting; return whether it succeeded."""
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def open_lock(path):
    """Return the descriptor of a lock file, creating it if necessary."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        cure = f"Choose another DATA_DIR, or remove {path.parent.parent} if another user made it."
        raise ServiceError(f"{path} cannot be written ({error.strerror}). {cure}") from error


class Lease:
    """The right to use the service `kind` (postgres, valkey) of a data directory until released, or until the process ends."""

    def __init__(self, kind, data_dir, fast=False):
        self.kind, self.fast = kind, fast
        self.data_dir = Path(data_dir).resolve()
        self.users = self.keeper = None
        self.child = None

    def ask(self):
        """Take the lease and start a keeper if none runs; do not wait for the service."""
        folder = self.data_dir / "services"
        self.users = self.users or open_lock(folder / f"{self.kind}.users")
        self.keeper = self.keeper or open_lock(folder / f"{self.kind}.keeper")
        fcntl.flock(self.users, fcntl.LOCK_SH)  # waits while a keeper is stopping
        if not self.is_kept():
            self._start_keeper()

    def wait(self, patience=150):
        """Wait until the service answers; return its address."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            url = os.pread(self.keeper, 1000, 0).decode()
            if url and self.is_kept():
                return url
            if self.child and self.child.poll() and not self.is_kept():
                break
            if not self.is_kept() and (not self.child or self.child.poll() == 0):
                self._start_keeper()  # the previous keeper gave up or ended
            time.sleep(0.02)
        raise ServiceError(f"The embedded {self.kind} did not start.\n{tail(self._log())}")

    def renew(self):
        """Restart the service if its keeper was killed; fast if not. Return the address."""
        if not self.is_kept():
            self.ask()
        return self.wait()

    def is_kept(self):
        """Return whether there is a keeper: it holds its lock for as long as it lives."""
        if not take(self.keeper, fcntl.LOCK_SH):
            return True
        fcntl.flock(self.keeper, fcntl.LOCK_UN)
        return False

    def outlive_exec(self):
        """Keep the lease across an exec: it ends with the program that replaces this one."""
        for descriptor in (self.users, self.keeper):
            os.set_inheritable(descriptor, True)

    def release(self, patience=15):
        """Release the lease. The last user waits until the service has stopped, so that nothing is left behind."""
        if self.users is None:
            return
        fcntl.flock(self.users, fcntl.LOCK_UN)
        deadline = time.monotonic() + patience
        while self.is_kept() and time.monotonic() < deadline:
            if take(self.users, fcntl.LOCK_EX):
                fcntl.flock(self.users, fcntl.LOCK_UN)
            elif take(self.users, fcntl.LOCK_SH):
                break  # in use by others
            time.sleep(0.02)
        for descriptor in (self.users, self.keeper):
            os.close(descriptor)
        self.users = self.keeper = None
        if self.child:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(0.5)

    def _start_keeper(self):
        log = self._log()
        command = [sys.executable, str(Path(__file__).parent), self.kind, str(self.data_dir), *(["--fast"] if self.fast else [])]
        with log.open("ab") as output:
            # A separate session: Ctrl-C in the terminal is for the command only; the keeper notices its end by the lock.
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd="/", start_new_session=True
            )

    def _log(self):
        return self.data_dir / "services" / f"{self.kind}.keeper.log"
