"""Many e-mails go over one connection to the mail server, and none is lost when the server closes it."""

import socket
import socketserver
import threading

import pytest
from django.core.mail import EmailMessage

from engine import mail_server
from engine.mail_server import MailServer
from tests.tickets.actions import ask
from tickets.models import Mail
from tickets.tasks import deliver


class Session(socketserver.StreamRequestHandler):
    """One connection, with as much SMTP (RFC 5321) as is needed here."""

    def handle(self):
        box = self.server
        box.connections += 1
        taken = 0
        self.say("220 mail.example")
        while line := self.rfile.readline().decode().strip():
            command = line.split(":")[0].upper()
            if command == "DATA":
                self.say("354 go on")
                box.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                taken += 1
            elif command == "MAIL FROM" and taken >= box.most:
                self.say("421 too many mails over this connection")
                return
            elif command == "RCPT TO" and "nobody@" in line:
                self.say("550 no such user")
                continue
            elif command == "QUIT":
                box.quits += 1
                self.say("221 bye")
                return
            self.say("250 well")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def box(settings):
    """A mail server on this machine: accepted e-mails are in `mails`; after `most` e-mails it closes a connection."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.connections, server.quits, server.mails, server.most, server.daemon_threads = 0, 0, [], 1000, True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()


def mail(number, to="nora@nord.example"):
    return EmailMessage(f"mail {number}", "text", to=[to])


def subjects(box):
    return [line.removeprefix("Subject: ") for text in box.mails for line in text.splitlines() if line.startswith("Subject: ")]


def test_due_emails_are_sent_over_one_connection(cast, now, box):
    for did in (cast.did, cast.range):
        ask(cast.nora, "did_cancel", now, dids=[did.number])
    deliver()
    assert (box.connections, box.quits, len(box.mails)) == (1, 1, 2)
    assert not Mail.objects.filter(sent_at=None).exists()


def test_nothing_to_send_opens_no_connection(box):
    with MailServer():
        pass
    assert box.connections == 0


def test_connection_is_renewed_after_a_fixed_number_of_emails(box, monkeypatch):
    monkeypatch.setattr(mail_server, "MOST", 2)
    with MailServer() as server:
        for number in range(5):
            server.send(mail(number))
    assert (box.connections, subjects(box)) == (3, [f"mail {number}" for number in range(5)])


def test_email_uses_a_new_connection_when_the_server_closes_the_old_one(box):
    box.most = 2
    with MailServer() as server:
        for number in range(5):
            server.send(mail(number))
    assert (box.connections, subjects(box)) == (3, [f"mail {number}" for number in range(5)])


def test_unknown_recipient_does_not_delay_other_emails(box):
    with MailServer() as server:
        server.send(mail(1))
        with pytest.raises(mail_server.SMTPRecipientsRefused):
            server.send(mail(2, "nobody@nord.example"))
        server.send(mail(3))
    assert (box.connections, subjects(box)) == (1, ["mail 1", "mail 3"])


def test_silent_mail_server_delays_the_worker_only_occasionally(cast, now, settings, monkeypatch):
    """The first e-mail has waited in vain; other due work is done, and the other e-mails lose no attempt."""
    monkeypatch.setattr(mail_server, "SILENT", 0)
    monkeypatch.setattr(mail_server, "_rested_until", 0)
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "django.core.mail.backends.smtp.EmailBackend", 0.1
    for did in (cast.did, cast.range):
        ask(cast.nora, "did_cancel", now, dids=[did.number])
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        for _often in range(3):
            deliver()
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 1]
    assert "timed out" in Mail.objects.get(attempts=1).error
