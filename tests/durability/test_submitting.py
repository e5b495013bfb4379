"""A form is sent twice, or its web server dies while processing it: there is one complete ticket, or none."""

import http.client
import socket
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from tests.durability.porting_requests import answers
from tests.durability.stack import until
from tests.thorough import share
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


class SocketConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.host_socket)


@pytest.fixture
def send(stack, cast, sign_in):
    """Return send(), which posts Nora's form of this test and returns (status, target), or None when the server died during it."""
    session = sign_in(cast.nora).cookies[settings.SESSION_COOKIE_NAME].value
    token = "a" * 32
    form = answers(cast, cast.porting) | {"once": str(uuid.uuid4()), "accepted_charges": "50.00", "csrfmiddlewaretoken": token}
    path = reverse("portal:form", args=["porting_date_change"])
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}

    def post():
        connection = SocketConnection("localhost")
        connection.host_socket = str(stack.web_socket)
        try:
            connection.request("POST", path, urlencode(form), headers)
            response = connection.getresponse()
            response.read()
            return response.status, response.getheader("Location")
        except (http.client.RemoteDisconnected, ConnectionError):
            return None
        finally:
            connection.close()

    until(stack.web_socket.exists, "the web server")
    return post


def assert_one_whole_ticket():
    ticket = Ticket.objects.get()
    assert [ticket.events.count(), ticket.charges.count(), ticket.mails.count()] == [1, 1, 1]


def test_double_click_creates_one_ticket(send):
    with ThreadPoolExecutor(2) as clicks:
        first, second = (click.result() for click in [clicks.submit(send), clicks.submit(send)])
    assert first == second == (302, reverse("portal:request", args=[Ticket.objects.get().pk]))
    assert_one_whole_ticket()


@pytest.mark.parametrize(("point", "tickets"), share([("after_commit", 1), ("before_commit", 0)], 2))
def test_web_server_killed_during_a_form_leaves_a_whole_ticket_or_none(stack, send, point, tickets):
    stack.set_trap(point, "web", "kill")
    assert send() is None
    assert Ticket.objects.count() == tickets
    status, _where = until(send, "the next web server process")
    assert status == 302
    assert_one_whole_ticket()
