"""HTTP clients with persistent connections, and measurements with them."""

import http.client
import itertools
import json
import socket
import statistics
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

IN_A_ROW = 10
PATIENCE = 10  # seconds: slow pages are measured with fewer requests


@dataclass(frozen=True)
class Call:
    """One kind of request: `fields` are sent as JSON to the API and as a form to pages; `{}` in the path is each of `about` in turn."""

    name: str
    method: str
    path: str
    headers: dict = field(default_factory=dict)
    fields: object = None
    expect: int = 200
    about: tuple = ("",)
    turn: object = field(default_factory=itertools.count)

    def address(self):
        """Return the path of the next request."""
        return self.path.replace("{}", str(self.about[next(self.turn) % len(self.about)]))

    def body(self):
        """Return the body as bytes, or None."""
        if self.fields is None:
            return None
        return (json.dumps(self.fields) if self.path.startswith("/api/") else urlencode(self.fields, doseq=True)).encode()

    @property
    def content_type(self):
        return "application/json" if self.path.startswith("/api/") else "application/x-www-form-urlencoded"


class Measured(NamedTuple):
    """Milliseconds per call for one client, and calls per second of several clients together."""

    median: float
    p95: float
    per_second: float


class Client:
    """A persistent connection."""

    def __init__(self, base):
        self.parts = urlsplit(base)
        self.connect()

    def connect(self):
        """Open the connection, or reopen it."""
        self.connection = http.client.HTTPConnection(self.parts.hostname, self.parts.port, timeout=60)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, call):
        """Send the call and read the whole response. Raise RuntimeError for an unexpected status."""
        try:
            answer = self._answer(call)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.connect()  # idle for too long during a slow page of the other server
            answer = self._answer(call)
        content = answer.read()
        if answer.status != call.expect:
            raise RuntimeError(f"{call.name}: {answer.status} {content[:300]!r}")

    def _answer(self, call):
        headers = call.headers | ({"Content-Type": call.content_type} if call.fields is not None else {})
        self.connection.request(call.method, call.address(), call.body(), headers)
        return self.connection.getresponse()


def measure(base, call, *, beside, count, warm, clients, seconds):
    """Send one request after another, `count` or as many as fit into PATIENCE, then use `clients` concurrently for `seconds`.

    `beside` is (base, call) of the yardstick, which is measured alternately, a few requests each, so that both are affected alike by a
    machine whose speed varies. Return (Measured, the ratio of its median to the yardstick's).
    """
    turns = ((base, call, []), (*beside, []))
    opened = [(Client(address), kind, times) for address, kind, times in turns]
    for client, kind, _times in opened:
        _in_time(warm, partial(client.send, kind))

    def turn():
        for client, kind, times in opened:
            for _ in range(IN_A_ROW):
                begun = time.perf_counter()
                client.send(kind)
                times.append((time.perf_counter() - begun) * 1000)

    _in_time(count // IN_A_ROW, turn)
    times, bare = (times for _client, _kind, times in opened)
    median = statistics.median(times)
    found = Measured(median, statistics.quantiles(times, n=20)[-1], together(base, call, clients, seconds))
    return found, median / statistics.median(bare)


def _in_time(count, act):
    """Call `act` so many times, or until PATIENCE has passed."""
    end = time.perf_counter() + PATIENCE
    for _ in range(count):
        act()
        if time.perf_counter() > end:
            break


def together(base, call, clients, seconds):
    """Return the calls per second of several concurrent clients."""
    done, failed, end = [], [], time.perf_counter() + seconds

    def go():
        client, sent = Client(base), 0
        try:
            while time.perf_counter() < end:
                client.send(call)
                sent += 1
        except (RuntimeError, OSError) as error:
            failed.append(error)
        done.append(sent)

    begun = time.perf_counter()
    threads = [threading.Thread(target=go) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return sum(done) / (time.perf_counter() - begun)
