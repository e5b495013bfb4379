"""The demo's mail programs: an answer becomes the mail that any other program would send, and lies in a folder until it is taken in."""

import secrets
import time
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage

from tickets.services.delivery import tell_queue


def answer(text, *, sender, to, subject, answered, files=()):
    """Write a mail with this text and files above the mail that it answers (its sender and text), and tell the queue of it."""
    who, body = answered
    quoted = "\n".join(f"> {line}".rstrip() for line in body.rstrip().split("\n"))
    mail = EmailMessage(f"Re: {subject}", f"{text}\n\n{who} wrote:\n\n{quoted}\n", sender, [to])
    for file in files:
        mail.attach(file.name, file.read(), file.content_type)
    put(Path(settings.INBOX_DIR), mail.message().as_bytes())
    tell_queue("inbound.tasks.take_in")


def put(folder, content):
    """Write a mail into a folder that others read; names are in the order of time. Returns its name."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f"{time.time_ns():019d}-{secrets.token_hex(4)}.part"
    draft.write_bytes(content)
    draft.rename(draft.with_suffix(".eml"))  # whole, or not there
    return draft.stem
