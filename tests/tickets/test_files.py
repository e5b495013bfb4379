"""Files on tickets: taken for what is in them, not for what they are called."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.tickets.acts import ask
from tickets.models import Attachment, Ticket
from tickets.services import attaching, conversation, merging
from tickets.services.lifecycle import NotNow

PDF, PNG, ZIP = b"%PDF-1.7 text", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, b"PK\x03\x04" + b"\x00" * 40
JPEG, WINDOWS = b"\xff\xd8\xff\xe0" + b"\x00" * 40, b"MZ\x90\x00" + b"\x00" * 200
# A character of two bytes lies across the end of what is read.
LONG_TEXT = b"x" * 8191 + "é and more".encode()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("letter.pdf", PDF, "application/pdf"),
        ("LETTER.PDF", PDF, "application/pdf"),
        ("photo.png", PNG, "image/png"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("notes.txt", "Grüße".encode(), "text/plain"),
        ("numbers.csv", b"number\n+498981000400\n", "text/csv"),
        ("long.txt", LONG_TEXT, "text/plain"),
    ],
)
def test_what_is_taken(name, content, kind):
    assert attaching.check(SimpleUploadedFile(name, content)) == kind


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "empty"),
        ("letter.pdf", WINDOWS, "type"),
        ("letter.pdf", ZIP, "type"),
        ("letter.pdf", b"only text", "type"),
        ("page.html", b"<script>alert(1)</script>", "type"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        ("notes.txt", b"nul\x00inside", "type"),
        ("notes.txt", b"\xff\xfe" + b"x" * 9000, "type"),
        ("invoice.exe", PDF, "name"),
        ("invoice.pdf.exe", PDF, "name"),
        ("invoice", PDF, "name"),
        ("photo.pdf", PNG, "name"),
        ("letter.pdf", PDF + b"x" * 2000, "size"),
    ],
)
def test_what_is_refused(settings, name, content, code):
    settings.ATTACHMENT_MAX_BYTES = 2000 if code == "size" else 10_000
    with pytest.raises(ValidationError) as refused:
        attaching.check(SimpleUploadedFile(name, content))
    assert refused.value.code == code


@pytest.mark.django_db
def test_one_bad_file_and_nothing_is_kept(cast, now):
    files = [SimpleUploadedFile("letter.pdf", PDF), SimpleUploadedFile("letter.pdf", WINDOWS)]
    with pytest.raises(ValidationError):
        ask(cast.nora, "did_cancel", now, dids=[cast.did.number], files=files)
    assert (Ticket.objects.count(), Attachment.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["../../etc/cron.pdf", "a b\u202efdp.pdf", "x" * 300 + ".pdf", "Müller & Söhne.pdf"])
def test_names_are_made_harmless(cast, now, name, settings):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    (kept,) = conversation.add_files(ticket.pk, [SimpleUploadedFile(name, PDF)], by=cast.nora, at=now)
    assert not set(kept.name) & set("/\\\u202e")
    assert kept.name.endswith(".pdf")
    assert str(kept.file.path).startswith(str(settings.MEDIA_ROOT))
    assert kept.file.read() == PDF


@pytest.mark.django_db
def test_a_partner_adds_no_files_where_nobody_would_see_them(cast, now):
    closed, merged, other = (ask(cast.nora, "did_cancel", now, dids=[cast.did.number]) for _ in range(3))
    merging.merge(merged.pk, other.pk, actor=cast.agent, at=now)
    Ticket.objects.filter(pk=closed.pk).update(status="closed")
    for ticket in (closed, merged):
        with pytest.raises(NotNow):
            conversation.add_files(ticket.pk, [SimpleUploadedFile("a.pdf", PDF)], by=cast.nora, at=now)
        conversation.add_files(ticket.pk, [SimpleUploadedFile("a.pdf", PDF)], by=cast.agent, at=now, internal=True)
    assert not Attachment.objects.filter(is_internal=False).exists()
