"""A partner's own system: a server that accepts calls, and answers as the test says."""

import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tickets.services import event_reader
from webhooks.models import Webhook


class Receiver(ThreadingHTTPServer):
    """`calls` are the received (path, headers, body); `status` is the answer to each, one letter every `pause` seconds if set."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.calls, self.status, self.pause = [], 204, 0
        self.url = f"http://127.0.0.1:{self.server_port}/careline?from=us"


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.path, dict(self.headers), body))
        self.slowly("HTTP/1.1 200 Well done\r\nServer: slow\r\n")
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def slowly(self, text):
        with suppress(OSError):  # the client has gone
            for letter in text if self.server.pause else "":
                self.wfile.write(letter.encode())
                time.sleep(self.server.pause)

    def log_message(self, *_words):
        """Log nothing: the calls are recorded."""


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_WITHIN = True
    server = Receiver()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def webhook(cast, now, receiver):
    return Webhook.objects.create(partner=cast.nord, url=receiver.url, made_by=cast.nora, made_at=now, seen_event=event_reader.last_event())
