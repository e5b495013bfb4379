"""An incomplete body changes nothing: neither one cut by a lost connection, nor one that ends within a file."""

import io

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from config.wsgi import application
from tests.tickets.actions import ask
from tickets.models import Attachment, Event

START = '--abc\r\nContent-Disposition: form-data; name="text"\r\n\r\nThe first half, and the other half.\r\n'
FILE = '--abc\r\nContent-Disposition: form-data; name="attachments"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nHello\r\n'
MULTIPART = "multipart/form-data; boundary=abc"
FORM = "application/x-www-form-urlencoded"


class SlowConnection(io.BytesIO):
    """A connection that yields a few bytes at a time, and then none or, with `is_reset`, an error."""

    is_reset = False

    def read(self, size=-1):
        data = super().read(min(size, 7))
        if self.is_reset and size and not data:
            raise ConnectionResetError
        return data


@pytest.fixture
def send(cast, sign_in, now):
    """send(path, body, content_type, lost=) returns the status; this number of bytes of the body is lost on the way."""
    cookies = sign_in(cast.nora).cookies
    environ = RequestFactory().generic("POST", "/").environ | {
        "HTTP_COOKIE": f"csrftoken={'a' * 32}; sessionid={cookies['sessionid'].value}"
    }

    def post(path, body, content_type, lost=0, is_reset=False):
        line = SlowConnection(body[: len(body) - lost].encode())
        line.is_reset = is_reset
        told = {"PATH_INFO": path, "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body)), "HTTP_X_CSRFTOKEN": "a" * 32}
        statuses = []
        answer = application(environ | told | {"wsgi.input": line}, lambda status, headers: statuses.append(int(status[:3])))
        b"".join(answer)
        answer.close()
        return statuses[0]

    for signal in (request_started, request_finished):  # as Django's own client does: the connection is the test's
        signal.disconnect(close_old_connections)
    yield post
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("is_reset", [False, True])
def test_body_cut_by_a_lost_connection_is_400(cast, now, send, is_reset):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    before = Event.objects.count()
    for body, content_type in ((START + FILE + "--abc--", MULTIPART), ("text=The+first+half,+and+the+other+half.", FORM)):
        for lost in (1, 12, 60):
            assert send(f"/portal/requests/{ticket.pk}/reply/", body, content_type, min(lost, len(body) - 10), is_reset) == 400
    assert send(f"/api/v1/tickets/{ticket.pk}/messages/", '{"body": "Hello"}     ', "application/json", 3, is_reset) == 400
    assert Event.objects.count() == before
    assert send(f"/portal/requests/{ticket.pk}/reply/", START + FILE + "--abc--", MULTIPART) == 302
    assert Event.objects.count() > before and Attachment.objects.get().name == "a.txt"


@pytest.mark.parametrize("end", [len("\r\n--abc--"), len("llo\r\n--abc--")])
def test_body_ending_within_a_file_is_400(cast, now, send, end):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    cut = (FILE + FILE + "--abc--")[:-end]
    assert send(f"/portal/requests/{ticket.pk}/reply/", START + cut, MULTIPART) == 400
    assert send(f"/api/v1/tickets/{ticket.pk}/attachments/", cut.replace('"attachments"', '"file"'), MULTIPART) == 400
    assert not Attachment.objects.exists() and not ticket.events.filter(kind="message").exists()
