"""Previews of attachments: the first pages as pictures, or the first lines; made once, after the upload is committed."""

import logging
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tickets import preview_renderer
from tickets.models import Attachment
from tickets.models.timeline import DRAWN, TEXTS
from tickets.services.outbox import send_task

log = logging.getLogger(__name__)
MEGABYTES, SECONDS = 1024, 20  # limits for drawing: memory and CPU time; twice the seconds of wall-clock time, for busy machines
LINES, WIDTH = 20, 200
AT_ONCE = 50


def enqueue(attachment):
    """Notify the queue, after the commit, that this file has no preview yet."""
    transaction.on_commit(lambda: send_task("tickets.tasks.preview", attachment.pk))


def pending(*, before):
    """Return the keys of the newest files uploaded before a moment that have no preview yet; the rest follow next time."""
    rows = Attachment.objects.filter(preview_pages=None, uploaded_at__lt=before)
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE])


def page(attachment, number):
    """Return the path of a page's picture."""
    return Path(settings.MEDIA_ROOT) / "previews" / str(attachment.pk) / f"{number}.webp"


def make(pk):
    """Make the preview of a file unless it exists; safe to run twice and to be killed. Files that cannot be drawn have none."""
    attachment = Attachment.objects.filter(pk=pk, preview_pages=None).first()
    if attachment is None:
        return
    text = _lines(attachment) if attachment.content_type in TEXTS else ""
    pages = _draw(attachment) if attachment.content_type in DRAWN else 0
    Attachment.objects.filter(pk=pk).update(preview_pages=pages, preview_text=text)


def _lines(attachment):
    """Return the first lines of a text file, truncated to WIDTH."""
    try:
        with attachment.file.open("rb") as file:
            text = file.read(LINES * WIDTH).decode("utf-8-sig", "ignore")
    except FileNotFoundError:
        return ""
    return "\n".join(line[:WIDTH].rstrip() for line in text.replace("\x00", "").splitlines()[:LINES]).strip("\n")


def _draw(attachment):
    """Draw the first pages. Return how many were completed within the limits."""
    folder = page(attachment, 1).parent
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-I",
        preview_renderer.__file__,
        attachment.content_type,
        attachment.file.path,
        str(folder),
        str(MEGABYTES),
        str(SECONDS),
    ]
    try:
        done = subprocess.run(command, env={}, stdin=subprocess.DEVNULL, capture_output=True, timeout=2 * SECONDS)
        if done.returncode:
            log.info("Attachment %s was not drawn completely: %s", attachment.pk, done.stderr[-200:].decode(errors="replace"))
    except subprocess.TimeoutExpired:
        log.info("Attachment %s was not drawn completely in time.", attachment.pk)
    for draft in folder.iterdir():
        if draft.suffix != ".webp":
            draft.unlink(missing_ok=True)
    with suppress(OSError):  # nothing is left of a file that could not be drawn
        folder.rmdir()
    return next(number for number in range(preview_renderer.PAGES + 1) if not page(attachment, number + 1).exists())
