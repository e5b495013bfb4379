"""The process that runs one embedded service: starts it, restarts it if it dies, and stops it when it is no longer used."""

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

from .lease import open_lock, take
from .postgres import Postgres
from .process import ServiceError, start, stop
from .valkey import Valkey

SERVICES = {"postgres": Postgres, "valkey": Valkey}
LOOK_SECONDS = 0.1


def main(kind, data_dir, fast=False):
    """Run the service `kind` of the data directory for as long as somebody holds a lease on it. Return the exit status."""
    folder = Path(data_dir) / "services"
    users, keeper = open_lock(folder / f"{kind}.users"), open_lock(folder / f"{kind}.keeper")
    if not take_over(keeper):
        return 0
    for descriptor in (keeper, sys.stdout.fileno()):  # written by a predecessor
        os.ftruncate(descriptor, 0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        service = SERVICES[kind](data_dir, fast)
        process = start(service)
    except ServiceError as error:
        print(error, flush=True)
        return 1
    try:
        # The lock file has the address, for whoever finds the lock held.
        os.pwrite(keeper, service.url.encode(), 0)
        while not take(users, fcntl.LOCK_EX) and is_still_there(keeper, folder / f"{kind}.keeper"):
            if process.poll() is not None:
                print(f"{kind} ended with {process.returncode}: restarting it", flush=True)
                process = start(service)
            time.sleep(LOOK_SECONDS)
    finally:
        os.ftruncate(keeper, 0)
        stop(process, service.stop_signal)
        service.tidy()
    return 0


def take_over(keeper):
    """Become the keeper; return False if there is one. Retry for a moment, because checking the lock takes it briefly."""
    for _ in range(20):
        if take(keeper, fcntl.LOCK_EX):
            return True
        time.sleep(0.01)
    return False


def is_still_there(descriptor, path):
    """Return whether the lock file is still the one we hold: the data directory may be deleted under a running service."""
    with contextlib.suppress(FileNotFoundError):
        return os.stat(path).st_ino == os.fstat(descriptor).st_ino
    return False
