"""Clone test databases from one that is migrated once per state of the migrations: cloning is instant, migrating takes seconds."""

import fcntl
import hashlib
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

PREFIX = "migrated_"
ROOT = Path(__file__).resolve().parents[1]


def name():
    """Return the template's name, derived from every migration of ours and every version of third-party packages."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes() + str(settings.INSTALLED_APPS).encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def ready():
    """Create the template if it does not exist, and return its name. One process creates it, the others wait."""
    wanted = name()
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _administrator() as run:
            there = {row[0] for row in run("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])}
        if wanted not in there:
            _make(wanted, outdated=there)
    return wanted


def _make(wanted, outdated):
    half_made = f"half_{wanted}"
    with _administrator() as run:
        for old in outdated:
            run(f'DROP DATABASE IF EXISTS "{old}"')
        run(f'DROP DATABASE IF EXISTS "{half_made}"')
        run(f'CREATE DATABASE "{half_made}" TEMPLATE template0')
    with _connected_to(half_made):
        call_command("migrate", verbosity=0, interactive=False)
    with _administrator() as run:
        run(f'ALTER DATABASE "{half_made}" RENAME TO "{wanted}"')


@contextmanager
def _connected_to(database):
    """Point Django's connection to another database meanwhile."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def _administrator():
    """Execute run(sql, values) outside any transaction, in a neutral database; return the rows, if any."""
    with connection._nodb_cursor() as cursor:

        def run(sql, values=None):
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

        yield run
