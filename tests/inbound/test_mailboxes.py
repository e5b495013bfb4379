"""Sources of e-mails: the demo's folder, and a real mailbox by IMAP."""

import contextlib
import socket
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from imap_tools import MailBoxUnencrypted

from inbound import demo, mailboxes, tasks
from inbound.models import InboundMail
from tests.durability.stack import until
from tickets import mails
from tickets.models import Event, Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(ticket, now, settings):
    """Return an e-mail about the ticket."""
    settings.REPLY_ADDRESS = "care@careline.example"
    return mails.compose(Mail.objects.get(ticket=ticket), at=now)


def test_answer_on_the_demo_page_takes_the_same_path_as_any_email(settings, tmp_path, ticket, question, cast):
    settings.DEMO, settings.INBOX_DIR = True, tmp_path / "inbox"
    about = {
        "sender": cast.nora.email,
        "to": question.reply_to[0],
        "subject": question.subject,
        "answered": (question.from_email, question.body),
    }
    demo.answer("It is black.", files=[SimpleUploadedFile("a.txt", b"one", "text/plain")], **about)
    tasks.take_in()
    said = Event.objects.filter(ticket=ticket).latest("pk")
    assert (said.body, said.attachments.get().name) == ("It is black.", "a.txt")
    assert list(mailboxes.mails()) == []


@pytest.fixture
def mailbox(settings):
    """A mailbox of a private IMAP server; settings name it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [Path(sys.executable).with_name("pymap"), "--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "admin"]
    with subprocess.Popen([*words, "dict", "--demo-data", "--demo-user", "care@line", "--demo-password", "a/b"]) as server:
        settings.INBOUND_EMAIL_URL = f"imap://care%40line:a%2Fb@127.0.0.1:{port}/INBOX"
        with until(lambda: connected(port), "the IMAP server").login("care@line", "a/b") as box:
            yield box
        server.kill()


def connected(port):
    with contextlib.suppress(OSError):
        return MailBoxUnencrypted("127.0.0.1", port, timeout=5)


@pytest.mark.thorough
def test_mailbox_emails_are_taken_and_filed_away(mailbox, settings, ticket, question, cast):
    settings.INBOUND_MAX_BYTES = 100_000
    mailbox.delete(mailbox.uids())
    for to, text in (
        (question.reply_to[0], "It is black."),
        ("care@careline.example", "Who are you?"),
        (question.reply_to[0], "x" * 100_000),
    ):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = cast.nora.email, to, "Re: your question"
        mail.set_content(text)
        mailbox.append(mail.as_bytes())
    tasks.take_in()
    assert Event.objects.filter(ticket=ticket).latest("pk").body == "It is black."
    assert sorted(InboundMail.objects.values_list("outcome", flat=True)) == ["taken", "unknown"]
    left = {}
    for folder in ("INBOX", mailboxes.DONE, mailboxes.TO_READ):
        mailbox.folder.set(folder)
        left[folder] = [mail.text.strip()[:20] for mail in mailbox.fetch(mark_seen=False)]
    assert left == {"INBOX": [], mailboxes.DONE: ["It is black."], mailboxes.TO_READ: ["Who are you?", "x" * 20]}
    assert list(mailboxes.mails()) == []


def test_unavailable_mailbox_is_retried(settings, caplog):
    settings.INBOUND_EMAIL_URL = "imap://care:secret-word@127.0.0.1:1/INBOX"
    tasks.take_in()
    assert "Will try again" in caplog.text and "secret-word" not in caplog.text
