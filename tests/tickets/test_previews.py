"""Previews of files: rendered once after the upload, within limits, and never a hindrance when they fail."""

import io
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from tests.tickets.actions import ask
from tickets import preview_renderer, tasks
from tickets.models import Attachment
from tickets.services import conversation, previews


def pdf(pages=1, *, size=(595, 842), password=""):
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size, encrypt=pdfencrypt.StandardEncryption(password) if password else None)
    for number in range(pages):
        canvas.drawString(72, 700, f"Page {number + 1}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def picture(kind="PNG", size=(1200, 30)):
    file = io.BytesIO()
    Image.new("P" if kind == "GIF" else "RGB", size).save(file, kind)
    return file.getvalue()


def bomb():
    """Return a small picture that claims to be 30,000 pixels wide and high."""
    small = picture()
    head = b"IHDR" + (30_000).to_bytes(4) * 2 + small[24:29]
    return small[:12] + head + zlib.crc32(head).to_bytes(4) + small[33:]


@pytest.fixture
def kept(cast, now):
    """kept({name: content}) stores files on a new request of Nora's and renders the possible previews: {name: Attachment}."""

    def keep(files):
        ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], files=[SimpleUploadedFile("signed.txt", b"Signed.")])
        tasks.preview(ticket.attachments.get().pk)
        uploaded = [SimpleUploadedFile(name, content) for name, content in files.items()]
        found = conversation.add_files(ticket.pk, uploaded, by=cast.nora, at=now)
        for attachment in found:
            tasks.preview(attachment.pk)
            attachment.refresh_from_db()
        return {attachment.name: attachment for attachment in found}

    return keep


def test_previews_are_rendered_by_file_type(kept, client, cast):
    long = "".join(f"row {n};+49898100040{n}\n" for n in range(1000)).encode()
    files = kept({"three.pdf": pdf(3), "photo.jpg": picture("JPEG"), "logo.gif": picture("GIF")})
    files |= kept(
        {
            "long.pdf": pdf(preview_renderer.PAGES + 3, size=(595, 60)),
            "rows.csv": long,
            "page.txt": b"\xef\xbb\xbf<script>alert(1)</script>",
        }
    )
    pages = {name: attachment.preview_pages for name, attachment in files.items()}
    assert pages == {"three.pdf": 3, "long.pdf": preview_renderer.PAGES, "photo.jpg": 1, "logo.gif": 1, "rows.csv": 0, "page.txt": 0}
    assert files["rows.csv"].preview_text.count("\n") == previews.LINES - 1
    client.force_login(cast.agent)
    answer = client.get(f"/attachments/{files['three.pdf'].pk}/preview/?page=3")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert Image.open(io.BytesIO(answer.getvalue())).size == (1000, 1416)
    for name, page in (("three.pdf", 4), ("three.pdf", "x"), ("page.txt", 1)):
        assert client.get(f"/attachments/{files[name].pk}/preview/?page={page}").status_code == (200 if page == "x" else 404)
    shown = client.get(f"/desk/{files['page.txt'].ticket_id}/").content.decode()
    assert "signed.txt" in shown and "&lt;script&gt;alert(1)&lt;/script&gt;" in shown and "<script>alert(1)" not in shown
    row = client.get(f"/attachments/{files['long.pdf'].pk}/row/").content.decode()
    assert row.count("preview/?page=") == preview_renderer.PAGES + 1 and "The preview ends here" in row


@pytest.mark.thorough
def test_file_without_preview_is_a_plain_row(kept, client, cast, monkeypatch):
    files = kept(
        {
            "broken.pdf": b"%PDF-1.7 text",
            "secret.pdf": pdf(password="s3cret"),
            "half.png": picture()[:60],
            "bomb.png": bomb(),
            "plan.pdf": pdf(size=(14_000, 200)),
        }
    )
    assert {name: attachment.preview_pages for name, attachment in files.items()} == dict.fromkeys(files, 0) | {"plan.pdf": 1}
    monkeypatch.setattr(previews, "SECONDS", 0.01)
    assert kept({"slow.pdf": pdf(2)})["slow.pdf"].preview_pages == 0
    client.force_login(cast.nora)
    page = client.get(f"/portal/requests/{files['secret.pdf'].ticket_id}/").content.decode()
    assert "secret.pdf" in page and "Preview of secret.pdf" not in page and "Preview of plan.pdf" in page
    assert client.get(f"/attachments/{files['secret.pdf'].pk}/preview/").status_code == 404


def test_preview_has_the_access_limits_of_its_file(kept, client, cast):
    note = kept({"internal.png": picture()})["internal.png"]
    Attachment.objects.filter(pk=note.pk).update(is_internal=True)
    for user, status in ((cast.agent, 200), (cast.nora, 404), (cast.sara, 404)):
        client.force_login(user)
        assert [client.get(f"/attachments/{note.pk}/{part}/").status_code for part in ("preview", "row")] == [status, status]


def test_sweep_finds_previews_the_queue_lost(kept, client, cast, now, django_capture_on_commit_callbacks, monkeypatch):
    told = []
    monkeypatch.setattr(previews, "send_task", lambda *args: told.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        file = kept({"letter.png": picture()})["letter.png"]
    assert ("tickets.tasks.preview", file.pk) in told and previews.pending(before=now.replace(year=2030)) == []
    Attachment.objects.filter(pk=file.pk).update(preview_pages=None)
    previews.page(file, 1).with_name("1.4711").write_bytes(b"left by a killed one")
    client.force_login(cast.nora)
    assert "hx-get" in client.get(f"/portal/requests/{file.ticket_id}/").content.decode().split("letter.png")[0].rpartition("<div")[2]
    assert client.get(f"/attachments/{file.pk}/row/").status_code == 204
    assert previews.pending(before=now) == [] and previews.pending(before=now.replace(year=2030)) == [file.pk]
    tasks.preview(file.pk)
    tasks.preview(file.pk)
    assert client.get(f"/attachments/{file.pk}/row/").status_code == 200
    assert [path.name for path in previews.page(file, 1).parent.iterdir()] == ["1.webp"]
