"""HTTP clients with kept connections, and what they measure."""

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
PATIENCE = 10  # seconds: a page of a second is known by fewer requests than one of ten milliseconds


@dataclass(frozen=True)
class Call:
    """One kind of request: `fields` go as JSON to the API and as a form to pages; `{}` in the path is each of `about` in turn."""

    name: str
    method: str
    path: str
    headers: dict = field(default_factory=dict)
    fields: object = None
    expect: int = 200
    about: tuple = ("",)
    turn: object = field(default_factory=itertools.count)

    def address(self):
        """The path of the next request."""
        return self.path.replace("{}", str(self.about[next(self.turn) % len(self.about)]))

    def body(self):
        """The body as bytes, or None."""
        if self.fields is None:
            return None
        return (json.dumps(self.fields) if self.path.startswith("/api/") else urlencode(self.fields, doseq=True)).encode()

    @property
    def content_type(self):
        return "application/json" if self.path.startswith("/api/") else "application/x-www-form-urlencoded"


class Measured(NamedTuple):
    """Milliseconds of a call for one client, and calls a second of several clients together."""

    median: float
    p95: float
    per_second: float


class Client:
    """One kept connection."""

    def __init__(self, base):
        self.parts = urlsplit(base)
        self.connect()

    def connect(self):
        """Open the connection, or open it again."""
        self.connection = http.client.HTTPConnection(self.parts.hostname, self.parts.port, timeout=60)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, call):
        """Send it and read the whole answer; raises RuntimeError for another status than the expected one."""
        try:
            answer = self._answer(call)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.connect()  # a slow page beside it took longer than a server keeps an idle connection
            answer = self._answer(call)
        content = answer.read()
        if answer.status != call.expect:
            raise RuntimeError(f"{call.name}: {answer.status} {content[:300]!r}")

    def _answer(self, call):
        headers = call.headers | ({"Content-Type": call.content_type} if call.fields is not None else {})
        self.connection.request(call.method, call.address(), call.body(), headers)
        return self.connection.getresponse()


def measure(base, call, *, beside, count, warm, clients, seconds):
    """One request after another, `count` or as many as fit into PATIENCE, then `clients` at once for `seconds`.

    `beside` is (base, call) of the yardstick, measured in turn with it, a few requests each: a machine that is quicker one minute
    than the next is so for both. Gives (Measured, how many times the yardstick's median its median is).
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
    """Act so many times, or until PATIENCE is over."""
    end = time.perf_counter() + PATIENCE
    for _ in range(count):
        act()
        if time.perf_counter() > end:
            break


def together(base, call, clients, seconds):
    """Calls a second of several clients at once."""
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
