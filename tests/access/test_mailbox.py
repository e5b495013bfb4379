"""The demo's mailbox: each e-mail is a file, a frame on the terminal and a page of text."""

import io
import os
import re

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.urls import reverse

from config import mailbox

NAME = "1700000000000000000-0123abcd"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DEMO, settings.MAILBOX_DIR = True, tmp_path / "mailbox"
    return settings.MAILBOX_DIR


def send(subject="Your verification code", body="Type it:\n\nBCDF-GHJK\n", to="carla@nord.example"):
    """Send one e-mail; return what the terminal shows."""
    terminal = io.StringIO()
    mailbox.MailboxBackend(stream=terminal).send_messages([EmailMessage(subject, body, "care@careline.example", [to])])
    return terminal.getvalue()


def page_of_newest(client):
    address = re.search(r"/mailbox/[\w-]+/", client.get(reverse("mailbox")).content.decode())
    return client.get(address[0] if address else reverse("mailbox_message", args=[mailbox._names()[0]])).content.decode()


def test_terminal_shows_recipient_subject_and_code(folder):
    shown = send()
    assert all(word in shown for word in ("carla@nord.example", "Your verification code", "BCDF-GHJK"))
    assert shown.count("\n") == 1  # many of them leave the logins on the screen
    assert [file.suffix for file in folder.iterdir()] == [".eml"]


def test_terminal_shows_the_first_link_if_there_is_no_code():
    assert "https://care.example/a/" in send(body="Go to https://care.example/a/ or https://care.example/b/.")


def test_subject_cannot_send_control_codes_to_the_terminal():
    assert "\x1b" not in send(subject="\x1b[2J gone")


def test_newest_emails_are_listed_first(client):
    for subject in ("first mail", "second mail"):
        send(subject)
    page = client.get(reverse("mailbox")).content.decode()
    assert page.index("second mail") < page.index("first mail")


def test_email_is_shown_as_text_with_links_and_code(client):
    send(body="Hello <b>Carla</b>,\n\nBCDF-GHJK\n\nhttps://care.example/x/?a=1&b=2 javascript:alert(1)")
    page = page_of_newest(client)
    assert "&lt;b&gt;Carla" in page and "<b>Carla" not in page
    assert 'href="https://care.example/x/?a=1&amp;b=2"' in page
    assert 'href="javascript' not in page
    assert 'data-copy="BCDF-GHJK"' in page


def test_html_in_an_email_is_escaped(client):
    message = EmailMultiAlternatives("<script>alert(1)</script>", "", "care@careline.example", ["a@b.example"])
    message.content_subtype, message.body = "html", "<script>alert(2)</script>"
    message.attach("<i>.txt", "x", "text/plain")
    mailbox.MailboxBackend(stream=io.StringIO()).send_messages([message])
    for page in (client.get(reverse("mailbox")).content.decode(), page_of_newest(client)):
        assert "<script>alert" not in page and "<i>.txt" not in page


def test_html_part_is_sandboxed_without_scripts(client, settings):
    message = EmailMultiAlternatives("Hello", "Hello", "care@careline.example", ["a@b.example"])
    message.attach_alternative("<script>alert(2)</script><p>Hello</p>", "text/html")
    mailbox.MailboxBackend(stream=io.StringIO()).send_messages([message])
    shown = re.search(r'<iframe[^>]* src="([^"]+)"[^>]* sandbox="allow-popups allow-popups-to-escape-sandbox"', page_of_newest(client))
    answer = client.get(shown[1])
    assert "<p>Hello</p>" in answer.text
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "; sandbox allow-popups " in policy and "script" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    settings.DEMO = False
    assert client.get(shown[1]).status_code == 404


def test_text_only_email_has_no_html_page(client):
    send()
    assert "<iframe" not in page_of_newest(client)
    assert client.get(reverse("mailbox_page", args=[mailbox._names()[0]])).status_code == 404


@pytest.mark.parametrize("path", ["/mailbox/", f"/mailbox/{NAME}/"])
def test_mailbox_exists_only_in_the_demo(client, settings, folder, path):
    folder.mkdir()
    (folder / f"{NAME}.eml").write_text("Subject: secret\n\nsecret")
    assert client.get(path).status_code == 200
    settings.DEMO = False
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["..%2F..%2Fetc%2Fpasswd", "%2e%2e", "..", "secret", f"{NAME}.eml", f"{NAME}%00", "1" * 5000])
def test_path_traversal_is_blocked(client, folder, name):
    folder.mkdir()
    (folder.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    (folder / "secret.eml").write_text("Subject: secret\n\nsecret")
    answer = client.get(f"/mailbox/{name}/", follow=True)
    assert b"secret" not in answer.content


def test_symlinks_are_not_followed(client, folder):
    folder.mkdir()
    (folder.parent / "outside").write_text("Subject: secret\n\nsecret")
    os.symlink(folder.parent / "outside", folder / f"{NAME}.eml")
    assert client.get(f"/mailbox/{NAME}/").status_code == 404
    assert b"secret" not in client.get("/mailbox/").content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00 no mail at all",
        b"Content-Type: text/plain; charset=no-such-charset\n\nx",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n--x--",
        b"Date: never\nTo: <<<>>>,,\nSubject: =?utf-8?b?////?=\n\nx",
        b"Content-Transfer-Encoding: base64\n\n!!!!",
    ],
)
def test_malformed_files_do_not_break_the_mailbox(client, folder, content):
    send("a good mail")
    (folder / f"{NAME}.eml").write_bytes(content)
    page = client.get("/mailbox/")
    assert page.status_code == 200 and b"a good mail" in page.content
    assert client.get(f"/mailbox/{NAME}/").status_code in (200, 404)


def test_only_the_newest_emails_are_kept(client, folder, monkeypatch):
    monkeypatch.setattr(mailbox, "KEEP", 3)
    monkeypatch.setattr(mailbox, "TIDY_EACH", 1)
    for number in range(5):
        send(f"mail number {number}")
    page = client.get("/mailbox/").content.decode()
    assert [number for number in range(5) if f"mail number {number}" in page] == [2, 3, 4]
    assert len(list(folder.iterdir())) == 3


def test_reading_changes_nothing(client, folder):
    send()
    before = sorted((file.name, file.stat().st_mtime_ns) for file in folder.iterdir())
    client.get("/mailbox/")
    assert client.post("/mailbox/").status_code == 405
    assert sorted((file.name, file.stat().st_mtime_ns) for file in folder.iterdir()) == before
