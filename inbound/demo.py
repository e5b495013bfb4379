"""The demo's stand-in for e-mail clients: writes a reply as any client would send it into a folder from which it is read."""

import secrets
import time
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage

from tickets.services.outbox import send_task


def answer(text, *, sender, to, subject, answered, files=()):
    """Write a reply with text and files above the quoted e-mail (`answered`: its sender and text), and notify the queue."""
    who, body = answered
    quoted = "\n".join(f"> {line}".rstrip() for line in body.rstrip().split("\n"))
    mail = EmailMessage(f"Re: {subject}", f"{text}\n\n{who} wrote:\n\n{quoted}\n", sender, [to])
    for file in files:
        mail.attach(file.name, file.read(), file.content_type)
    put(Path(settings.INBOX_DIR), mail.message().as_bytes())
    send_task("inbound.tasks.take_in")


def put(folder, content):
    """Write an e-mail atomically into a folder; file names sort by time. Return its name."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f"{time.time_ns():019d}-{secrets.token_hex(4)}.part"
    draft.write_bytes(content)
    draft.rename(draft.with_suffix(".eml"))  # never visible half-written
    return draft.stem
