#!/usr/bin/env python3
"""Careline from a fresh checkout: needs Python 3.11 or later and nothing else.

    python3 dev.py run       the web application on http://127.0.0.1:8000 (PORT), with worker, scheduler and demo estate
    python3 dev.py test      the everyday test suite (CI=true: all tests); further arguments go to pytest:
                             dev.py test tests/tooling -n 0
    python3 dev.py lint      ruff, import order, compose file, missing migrations
    python3 dev.py bench     measurements against a warm server; further arguments go to bench/run.py
    python3 dev.py services  PostgreSQL and Valkey only, until Ctrl-C; prints their addresses
    python3 dev.py shell     Django's shell
    python3 dev.py lock      regenerate requirements.txt from requirements.in (needs uv)

Everything else is Django's own:  .venv/bin/python manage.py help
DATABASE_URL and REDIS_URL point at real servers instead of the embedded ones; DATA_DIR moves var/.
"""

import os
import shutil
import sys

if sys.version_info < (3, 11):  # noqa: UP036
    newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
    hint = "Try: " + newer[0] + " dev.py" if newer else "Install one and run dev.py with it."
    sys.exit("Careline needs Python 3.11 or later; this is %d.%d. %s" % (sys.version_info[0], sys.version_info[1], hint))  # noqa: UP031
if os.name == "nt":
    sys.exit("Careline's embedded services run on Linux and macOS. On Windows, use WSL.")

import configparser
import fcntl
import hashlib
import importlib.util
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.txt"
STAMP = VENV / "careline-lock"
COMMANDS = {"run", "test", "lint", "bench", "services", "shell", "lock"}
HELP = "This Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv; elsewhere: python3 -m pip install uv"


def main():
    """Run the command of the command line in the Python of .venv."""
    if len(sys.argv) < 2 or sys.argv[1] in {"-h", "--help", "help"}:
        print(__doc__.strip())
        return 0
    if sys.argv[1] not in COMMANDS:
        sys.exit(f"Unknown command {sys.argv[1]!r}. Run python3 dev.py to list the commands.")
    if sys.argv[1] == "lock":
        return lock()
    bootstrap()
    if Path(sys.prefix) != VENV:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
    from config import commands

    return commands.main(sys.argv[1], sys.argv[2:])


def lock():
    """Resolve requirements.in, with hashes, for every platform and Python from 3.11 on."""
    options = ["--universal", "--python-version", "3.11", "--generate-hashes"]
    if not shutil.which("uv"):
        sys.exit("dev.py lock needs uv: python3 -m pip install uv")
    return subprocess.call(["uv", "pip", "compile", *options, "requirements.in", "-o", "requirements.txt", *sys.argv[2:]], cwd=ROOT)


def bootstrap():
    """Create .venv and install the locked packages, unless that was done for this lock file and this Python."""
    holder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)  # a second command waits for the first
    try:
        if not venv_works():
            make_venv()
        want = hashlib.sha256(LOCK.read_bytes()).hexdigest()
        if not STAMP.exists() or STAMP.read_text() != want:
            install()
            STAMP.write_text(want)
    finally:
        os.close(holder)


def venv_works():
    """Return whether .venv is usable and its Python still exists. Within it no check is necessary."""
    if Path(sys.prefix) == VENV:
        return True
    return PYTHON.exists() and succeeds([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])


def make_venv():
    """Create .venv with whatever is available: uv, venv, virtualenv, a pip that installs from outside, or the system's package."""
    say("Creating .venv ...")
    shutil.rmtree(VENV, ignore_errors=True)
    ways = [
        (uses_uv(), ["uv", "venv", "--quiet", "--python", sys.executable, VENV]),
        (importlib.util.find_spec("ensurepip"), [sys.executable, "-m", "venv", VENV]),
        (importlib.util.find_spec("virtualenv"), [sys.executable, "-m", "virtualenv", "--quiet", VENV]),
        (shutil.which("virtualenv"), ["virtualenv", "--quiet", "--python", sys.executable, VENV]),
        (importlib.util.find_spec("pip"), [sys.executable, "-m", "venv", "--without-pip", VENV]),
        (install_system_venv, [sys.executable, "-m", "venv", VENV]),
    ]
    for usable, command in ways:
        if (usable() if callable(usable) else usable) and succeeds(command):
            return
        shutil.rmtree(VENV, ignore_errors=True)
    sys.exit(HELP)


def install_system_venv():
    """As root on Debian, install the missing venv package; return whether that worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say("Installing the system's python3-venv ...")
    version = "python%d.%d-venv" % sys.version_info[:2]  # noqa: UP031
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", "python3-venv", version]):
        subprocess.run(["apt-get", "-qq", *command], env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    return subprocess.call([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL) == 0


def install():
    """Install the locked packages. Only files with the recorded hashes are accepted, wherever they come from."""
    say("Installing requirements.txt into .venv (once, takes half a minute) ...")
    if uses_uv():
        if succeeds(["uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", LOCK]):
            return
        say("uv failed, trying pip ...")
    pip = [PYTHON, "-m", "pip"]
    if not succeeds([*pip, "--version"]):
        pip = [sys.executable, "-m", "pip", "--python", PYTHON]
    environment = {key: value for key, value in os.environ.items() if key not in {"PIP_USER", "PIP_TARGET", "PIP_REQUIRE_VIRTUALENV"}}
    if subprocess.call([*pip, "install", "-qq", "--require-hashes", "-r", LOCK], env=environment, stdout=sys.stderr):
        sys.exit("The installation failed. See the output above, then run the same command again.")


def uses_uv():
    """Return whether to install with uv: it is available, and pip has no index of its own that uv would not know."""
    if not shutil.which("uv"):
        return False
    if any(key.startswith("UV_") and "INDEX" in key for key in os.environ):
        return True
    if os.environ.get("PIP_INDEX_URL") or os.environ.get("PIP_NO_INDEX"):
        return False
    home = Path.home()
    files = [os.environ.get("PIP_CONFIG_FILE", ""), "/etc/pip.conf", home / ".pip" / "pip.conf", home / ".config" / "pip" / "pip.conf"]
    settings = configparser.RawConfigParser(strict=False)
    try:
        settings.read([str(path) for path in files if path])
    except (configparser.Error, UnicodeDecodeError):
        return False
    return not any(settings.has_option(section, key) for section in settings.sections() for key in ("index-url", "no-index"))


def succeeds(command):
    """Run quietly; return whether it worked. Errors are shown, since the next attempt may fail too."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except OSError:
        return False
    if done.returncode and done.stderr and command[0] != PYTHON:
        print(done.stderr.strip(), file=sys.stderr)
    return done.returncode == 0


def say(text):
    """Print progress to stderr: stdout belongs to the command."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        say("Interrupted. Run the same command again to continue.")
        sys.exit(130)
