"""The least favourable pooler: of two connections to PostgreSQL each transaction gets the one unused for longest."""

import os
import queue
import select
import socket
import struct
import threading
from contextlib import suppress

import psycopg

LIMIT = "-c lock_timeout=5s"  # so that a failing test does not wait for ever
TOLD = ("client_encoding", "server_version", "standard_conforming_strings", "TimeZone")


class Pooler:
    """Accepts connections at the port `port` of this machine until it is closed. It does not authenticate, and accepts no `options`.

    `address`: what psycopg needs to connect to PostgreSQL; the pooler uses the sockets of two such connections.
    """

    def __init__(self, address):
        self.free = queue.Queue()
        self.begun = [psycopg.connect(**address, options=LIMIT, sslmode="disable") for _count in range(2)]
        self.all = [socket.socket(fileno=os.dup(one.fileno())) for one in self.begun]
        said = {name: self.begun[0].info.parameter_status(name) for name in TOLD}
        self.told = b"".join(_framed(b"S", f"{name}\0{value}\0".encode()) for name, value in said.items())
        for server in self.all:
            server.setblocking(True)
            self.free.put(server)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._welcome, daemon=True).start()

    def close(self):
        for one in (self.door, *self.all, *self.begun):
            one.close()

    def _welcome(self):
        with suppress(OSError):  # the listener is closed
            while True:
                threading.Thread(target=self._serve, args=(self.door.accept()[0],), daemon=True).start()

    def _serve(self, client):
        with suppress(OSError), client:
            if not _session_started(client, self.told):
                return
            server = None
            while True:
                for ready in select.select([client, *([server] if server else [])], [], [])[0]:
                    if ready is client:
                        said = client.recv(65536)
                        if not said or said[:1] == b"X":
                            if server:  # in the middle of a transaction
                                _end_transaction(server)
                                self.free.put(server)
                            return
                        server = server or self.free.get(timeout=10)
                        server.sendall(said)
                    else:
                        kind, body = _message(server)
                        client.sendall(_framed(kind, body))
                        if kind == b"Z" and body == b"I":
                            self.free.put(server)
                            server = None


def _session_started(client, told):
    """Return whether the client starts a session; it is `told` the server's parameters."""
    while True:
        length, code = struct.unpack("!ii", _exactly(client, 8))
        words = _exactly(client, length - 8)
        if code == 3 << 16:
            break
        if code == 80877102:  # a request to cancel another one
            return False
        client.sendall(b"N")  # no encryption
    if b"\0options\0" in b"\0" + words:
        client.sendall(_framed(b"E", b"SFATAL\0C08P01\0Munsupported startup parameter: options\0\0"))
        return False
    client.sendall(_framed(b"R", struct.pack("!i", 0)) + told + _framed(b"K", bytes(8)) + _framed(b"Z", b"I"))
    return True


def _end_transaction(server):
    server.sendall(_framed(b"Q", b"ROLLBACK\0"))
    while _message(server)[0] != b"Z":
        pass


def _framed(kind, body):
    return kind + struct.pack("!i", len(body) + 4) + body


def _message(server):
    kind, length = struct.unpack("!ci", _exactly(server, 5))
    return kind, _exactly(server, length - 4)


def _exactly(server, length):
    said = b""
    while len(said) < length:
        more = server.recv(length - len(said))
        if not more:
            raise OSError
        said += more
    return said
