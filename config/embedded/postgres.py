"""PostgreSQL on a unix socket, in a data directory of its own."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

from . import binaries
from .process import ServiceError, socket_directory, spawn, tail

DATABASE = "careline"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
STARTUP = b"user\0postgres\0database\0" + DATABASE.encode() + b"\0\0"


class Postgres:
    """A PostgreSQL server with its files under `data_dir`/postgres and one database, careline."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast" shutdown: roll back open transactions, write the rest to disk

    def __init__(self, data_dir, fast=False, log=None):
        self.files = Path(data_dir).resolve() / "postgres"
        self.fast = fast
        self.log = log or Path(data_dir) / "services" / "postgres.log"
        self.user = self._user()
        self.sockets = socket_directory(data_dir, "pg", self.user)
        self.url = f"postgresql://postgres@/{DATABASE}?host={self.sockets}"
        self.programs = binaries.postgres(staged=self.user is not None)

    def _user(self):
        """Return the user to run as: None for the current user, or another one's pwd entry for root, which PostgreSQL refuses."""
        if os.geteuid() != 0:
            return None
        with contextlib.suppress(FileNotFoundError, KeyError):
            owner = pwd.getpwuid(self.files.stat().st_uid)
            if owner.pw_uid:
                return owner
        return pwd.getpwnam("nobody")

    def prepare(self):
        """Create the database cluster the first time; later clean up after a killed predecessor."""
        if (self.files / "PG_VERSION").exists():
            self._end_leftover()
            return
        half_made = self.files.with_name("postgres.new")
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700, parents=True)
        if self.user:
            os.chown(half_made, self.user.pw_uid, self.user.pw_gid)
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        command = ["initdb", "-D", self._here(half_made), "-U", "postgres", "-A", "trust", "-E", "UTF8", f"--locale={locale}"]
        self._run([*command, "--no-instructions", *(["--no-sync"] if self.fast else [])], half_made)
        self._run(["postgres", "--single", "-D", self._here(half_made), "postgres"], half_made, f"CREATE DATABASE {DATABASE}\n")
        shutil.rmtree(self.files, ignore_errors=True)
        half_made.rename(self.files)

    def spawn(self):
        """Start the server as a child of this process; return its Popen."""
        options = {"max_connections": "100", "shared_buffers": "128MB", "timezone": "UTC", **(FAST if self.fast else {})}
        command = [self.programs / "postgres", "-D", self._here(self.files), "-h", "", "-k", self.sockets]
        command += [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        return spawn(command, self.log, self.stop_signal, **self._as_user(self.files))

    def answers(self):
        """Return whether the server accepts connections, that is, answers the first message with an authentication request."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.sockets / ".s.PGSQL.5432"))
                connection.sendall(struct.pack("!ii", 8 + len(STARTUP), 3 << 16) + STARTUP)
                return connection.recv(1) == b"R"
        except OSError:
            return False

    def tidy(self):
        """Remove what a stopped server leaves in the temporary directory."""
        shutil.rmtree(self.sockets, ignore_errors=True)

    def last_words(self):
        """Return the end of the log."""
        return tail(self.log)

    def _here(self, directory):
        """Return the server's directory for its command line: relative if the server's user cannot access the absolute path."""
        return "/proc/self/cwd" if self.user and sys.platform == "linux" else str(directory)

    def _as_user(self, directory):
        """Return arguments for subprocess: the working directory and, for root, the user to become after entering it."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
        who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        return {"cwd": directory, "env": environment, **who}

    def _run(self, command, directory, text=None):
        """Run one of PostgreSQL's programs to the end, with `text` as input; raise with its output if it fails."""
        done = subprocess.run(
            [self.programs / command[0], *command[1:]],
            input=text or "",
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **self._as_user(directory),
        )
        if done.returncode:
            raise ServiceError(f"{command[0]} failed:\n{done.stdout}")

    def _end_leftover(self):
        """Stop a server that outlived its keeper, and remove a lock file whose process id now belongs to another process."""
        lock = self.files / "postmaster.pid"
        try:
            pid = int(lock.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            lock.unlink(missing_ok=True)
            return
        for attempt in range(400):
            if not self._is_server(pid):
                break
            if attempt in (0, 200):  # a normal shutdown first, an immediate one after ten seconds
                os.kill(pid, signal.SIGQUIT if attempt else signal.SIGINT)
            time.sleep(0.05)
        else:
            raise ServiceError(f"PostgreSQL (process {pid}) is still running in {self.files} and does not stop.")
        lock.unlink(missing_ok=True)

    def _is_server(self, pid):
        """Return whether this process is a server of this directory."""
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                return os.path.samefile(f"/proc/{pid}/cwd", self.files)
            return False
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
        return str(self.files) in shown.stdout
