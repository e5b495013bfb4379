"""Files on tickets: accepted for their content, not for their name."""

import errno
import io
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from desk.models import Draft
from desk.services import drafts
from tests.tickets.actions import ask
from tickets.models import Attachment, Ticket
from tickets.services import attaching, conversation, merging
from tickets.services.lifecycle import NotNow

PDF, PNG, ZIP = b"%PDF-1.7 text", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, b"PK\x03\x04" + b"\x00" * 40
JPEG, WINDOWS = b"\xff\xd8\xff\xe0" + b"\x00" * 40, b"MZ\x90\x00" + b"\x00" * 200
# A two-byte character straddles the end of the part that is read.
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
def test_file_is_accepted_by_its_content(name, content, kind):
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
def test_unsuitable_file_is_refused(settings, name, content, code):
    settings.ATTACHMENT_MAX_BYTES = 2000 if code == "size" else 10_000
    with pytest.raises(ValidationError) as refused:
        attaching.check(SimpleUploadedFile(name, content))
    assert refused.value.code == code


def test_one_bad_file_rejects_the_whole_request(cast, now):
    files = [SimpleUploadedFile("letter.pdf", PDF), SimpleUploadedFile("letter.pdf", WINDOWS)]
    with pytest.raises(ValidationError):
        ask(cast.nora, "did_cancel", now, dids=[cast.did.number], files=files)
    assert (Ticket.objects.count(), Attachment.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["../../etc/cron.pdf", "a b\u202efdp.pdf", "x" * 300 + ".pdf", "Müller & Söhne.pdf"])
def test_file_names_are_sanitised(cast, now, name, settings):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    (kept,) = conversation.add_files(ticket.pk, [SimpleUploadedFile(name, PDF)], by=cast.nora, at=now)
    assert not set(kept.name) & set("/\\\u202e")
    assert kept.name.endswith(".pdf")
    assert str(kept.file.path).startswith(str(settings.MEDIA_ROOT))
    assert kept.file.read() == PDF


@pytest.mark.django_db
# 88 three-byte characters are too many for a file name on disk; the last ones have four bytes.
@pytest.mark.parametrize("name", ["報" * 88 + ".pdf", "報" * 300 + ".pdf", "\U00020000" * 110 + ".pdf"])
def test_long_file_names_in_any_script_are_kept_on_tickets_and_replies(cast, now, client, name):
    ticket = ask(cast.nora, "general_question", now, topic="Billing", subject="A question", message="Please see the file.")
    conversation.reply(ticket.pk, "Here it is.", author=cast.nora, at=now, files=[SimpleUploadedFile(name, PDF)])
    client.force_login(cast.agent)
    sent = client.post(f"/desk/{ticket.pk}/reply/", {"text": "And ours.", "attachments": SimpleUploadedFile(name, PDF)})
    assert sent.status_code == 302
    drafts.deliver(Draft.objects.get().pk, at=timezone.now() + drafts.PAUSE)
    kept = list(Attachment.objects.all())
    assert [(one.name, one.file.read()) for one in kept] == [(name[-120:], PDF)] * 2
    assert client.get(f"/attachments/{kept[0].pk}/").status_code == 200


@pytest.mark.parametrize("name", [".pdf", "😀.pdf", "\u200b.pdf"])
def test_unreadable_file_name_is_replaced(cast, now, name):
    ticket = ask(cast.nora, "general_question", now, topic="Billing", subject="A question", message="Please see the file.")
    conversation.add_files(ticket.pk, [SimpleUploadedFile(name, PDF)], by=cast.nora, at=now)
    assert Attachment.objects.get().name == "file.pdf"


@pytest.mark.parametrize("state", ["pending", "solved"])
def test_file_of_the_partner_is_an_answer_like_a_message(cast, now, state):
    ticket = ask(cast.nora, "general_question", now, topic="Billing", subject="A question", message="Please see the file.")
    if state == "pending":
        conversation.ask_partner(ticket.pk, "Which file?", author=cast.agent, at=now)
    else:
        conversation.answer(ticket.pk, "We need the file.", author=cast.agent, at=now)
    conversation.add_files(ticket.pk, [SimpleUploadedFile("a.pdf", PDF)], by=cast.agent, at=now)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.awaiting_since) == (state, None)
    later = now + timedelta(minutes=5)
    conversation.add_files(ticket.pk, [SimpleUploadedFile("b.pdf", PDF)], by=cast.nora, at=later)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.awaiting_since, ticket.updated_at) == ("open", later, later)
    assert ticket.next_due_at > later


def test_partner_cannot_add_files_to_closed_or_merged_requests(cast, now):
    closed, merged, other = (ask(cast.nora, "did_cancel", now, dids=[cast.did.number]) for _ in range(3))
    merging.merge(merged.pk, other.pk, actor=cast.agent, at=now)
    Ticket.objects.filter(pk=closed.pk).update(status="closed")
    for ticket in (closed, merged):
        with pytest.raises(NotNow):
            conversation.add_files(ticket.pk, [SimpleUploadedFile("a.pdf", PDF)], by=cast.nora, at=now)
        conversation.add_files(ticket.pk, [SimpleUploadedFile("a.pdf", PDF)], by=cast.agent, at=now)
    assert not Attachment.objects.exclude(uploaded_by=cast.agent).exists()


def text_files(number, size=20):
    return [SimpleUploadedFile(f"{n}.txt", b"x" * size) for n in range(number)]


def upload_pages(cast, ticket):
    """Every way to upload files: address, part name, sender, the other fields, what a response shows again."""
    typed = "We need this number no more."
    return [
        ("/portal/requests/new/did_cancel/", "attachments", cast.nora, {"dids": [cast.did.number], "message": typed}, typed),
        (f"/portal/requests/{ticket.pk}/reply/", "attachments", cast.nora, {"text": typed}, typed),
        (f"/desk/{ticket.pk}/reply/", "attachments", cast.agent, {"text": typed, "kind": "note"}, typed),
        (f"/desk/{ticket.pk}/reply/", "attachments", cast.agent, {"text": typed, "kind": "reply"}, typed),
        (f"/api/v1/tickets/{ticket.pk}/attachments/", "file", cast.nora, {}, "file"),
    ]


@pytest.mark.parametrize(
    ("message", "files", "said"),
    [
        ((2, 1000), (3, 20), "3 files are too many: in one message, 2 are allowed."),
        ((9, 2**20), (3, 2**19), "in one message, 1 MB are allowed."),
        ((9, 2**20), (1, 3 * 2**20), "in one message, 1 MB are allowed."),
    ],
)
def test_files_and_bytes_per_message_are_limited_on_every_upload_page(cast, now, client, settings, message, files, said):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    settings.ATTACHMENTS_OF_MESSAGE = message
    for address, part, user, data, shown in upload_pages(cast, ticket):
        client.force_login(user)
        answer = client.post(address, data | {part: text_files(*files)})
        text = answer.content.decode()
        assert answer.status_code == 400 and said in text and shown in text, address
    assert not Attachment.objects.exists() and Ticket.objects.count() == 1


def assert_no_room(client, cast, ticket):
    """Every page that accepts files reports it, with the typed text."""
    for address, part, who, fields, shown in upload_pages(cast, ticket):
        client.force_login(who)
        answer = client.post(address, fields | {part: SimpleUploadedFile("a.pdf", PDF)})
        assert answer.status_code == 400 and "cannot store files" in answer.text and shown in answer.text
    assert not Attachment.objects.exists()


def test_full_disk_is_reported_and_typed_text_is_kept(cast, now, client, settings):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    settings.ATTACHMENT_FREE_BYTES = 2**62
    assert_no_room(client, cast, ticket)


@pytest.mark.parametrize("fails", ["write", "seek"])  # the end of a file is written when it is rewound
def test_no_room_for_temporary_files_is_reported_and_typed_text_is_kept(cast, now, client, settings, monkeypatch, fails):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    made = type("Full", (io.BytesIO,), {fails: full, "name": "/nowhere"})
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", lambda **_how: made())
    assert_no_room(client, cast, ticket)


@pytest.mark.parametrize("ticket_takes", [(3, 10**6), (99, 70)])
def test_files_and_bytes_per_ticket_are_limited(cast, now, settings, ticket_takes):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], files=text_files(2))
    settings.ATTACHMENTS_OF_TICKET = ticket_takes
    conversation.note(ticket.pk, "One more.", author=cast.agent, at=now, files=text_files(1))
    with pytest.raises(ValidationError, match="on one ticket"):
        conversation.reply(ticket.pk, "And another.", author=cast.nora, at=now, files=text_files(1))
    assert conversation.reply(ticket.pk, "Words go on.", author=cast.nora, at=now)
    assert ticket.attachments.count() == 3


def test_only_the_beginning_of_oversized_files_is_received(cast, client, settings):
    settings.ATTACHMENT_MAX_BYTES, settings.ATTACHMENTS_OF_MESSAGE = 2**17, (9, 2**19)
    client.force_login(cast.nora)
    address, data = "/portal/requests/new/did_cancel/", {"dids": [cast.did.number]}
    answer = client.post(address, data | {"attachments": text_files(1, 2**22)})
    assert answer.status_code == 400 and "0.txt is larger than" in answer.content.decode()
    assert answer.wsgi_request.FILES["attachments"].size <= 2**17 + 2**17
    answer = client.post(address, data | {"attachments": text_files(8, 2**17)})
    assert sum(file.size for file in answer.wsgi_request.FILES.getlist("attachments")) <= 2**19 + 2**17


def test_request_page_begins_with_its_newest_files(cast, now, client):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    for number in range(21):
        about = {"size": 1, "content_type": "application/pdf", "uploaded_by": cast.nora, "uploaded_at": now, "preview_pages": 0}
        Attachment.objects.create(ticket=ticket, name=f"file-{number:02}.pdf", **about)
    client.force_login(cast.nora)
    page = client.get(f"/portal/requests/{ticket.pk}/").text
    assert "file-00.pdf" not in page and page.count("file-01.pdf") == 1 and page.count("file-20.pdf") == 1
    way = re.search(r'href="([^"]*files=all[^"]*)">Show all 21<', page)[1]
    whole = client.get(way.replace("&amp;", "&").partition("#")[0]).text
    assert "file-00.pdf" in whole and "Show all 21" not in whole
    assert re.search(r'hx-get="[^"]*/news/[^"]*files=all"', whole), "news leave what is shown as it is"
