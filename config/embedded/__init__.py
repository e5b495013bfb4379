"""Embedded PostgreSQL and Valkey: a fresh checkout runs with nothing else installed. Standard library only.

Each service is run by a small process of its own (`keeper.py`). Every user of the service holds a shared lock in the
data directory, and the keeper stops when nobody holds one any more. The kernel releases the locks of killed processes,
so nothing is left behind even then. Production sets DATABASE_URL and REDIS_URL, and nothing here is ever started.
"""

import os
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .lease import Lease, open_lock, take
from .postgres import Postgres
from .process import ServiceError, start, stop
from .valkey import Valkey

__all__ = ["VARIABLES", "Lease", "ServiceError", "held", "leases", "open_lock", "running", "start_postgres", "start_valkey", "stop", "take"]

VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}


def leases(data_dir, fast=False, environ=os.environ):
    """Return leases, not yet taken, on the services whose addresses are not in `environ`, as {variable: Lease}."""
    return {variable: Lease(kind, data_dir, fast) for kind, variable in VARIABLES.items() if not environ.get(variable)}


@contextmanager
def running(data_dir, fast=False, environ=os.environ):
    """Run the services within the block; yield {"DATABASE_URL": ..., "REDIS_URL": ...}.

    Services of this data directory that are already running are used and left running; others are started, and stopped at the
    end. Addresses in `environ` are passed through. `fast` trades durability for speed, for tests only.
    """
    given = {variable: environ[variable] for variable in VARIABLES.values() if environ.get(variable)}
    with held(leases(data_dir, fast, environ)) as urls:
        yield given | urls


@contextmanager
def held(wanted):
    """Hold leases, as returned by `leases`, within the block; yield {variable: address}."""
    with ExitStack() as stack:
        for lease in wanted.values():
            stack.callback(lease.release)
            lease.ask()  # start all of them before waiting for each
        yield {variable: lease.wait() for variable, lease in wanted.items()}


def start_valkey(socket, log=None):
    """Start a private Valkey at this socket path; return the Popen once it answers. Use `stop` to end it, or kill it.

    Its REDIS_URL is `unix://` + the path. It ends with the calling process.
    """
    return start(Valkey(socket=Path(socket), log=log))


def start_postgres(directory, log=None):
    """Start a private, fast PostgreSQL with its files in `directory`; return (Popen, DATABASE_URL) once it answers."""
    service = Postgres(Path(directory), fast=True, log=log)
    return start(service), service.url
