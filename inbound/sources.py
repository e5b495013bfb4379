"""Where mails come from: a mailbox that is read by IMAP, and the demo's own, a folder."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

AT_ONCE = 50
PATIENCE = 10  # seconds for the mail server to answer
DONE, TO_READ = "Careline", "Careline-to-read"  # folders: what is on tickets, and what a person should look at


def mails():
    """Each mail as bytes, oldest first, AT_ONCE at most, with a function that puts it away: put_away(for_people=True)."""
    if settings.INBOUND_EMAIL_URL:
        yield from _of_imap(settings.INBOUND_EMAIL_URL)
    elif settings.DEMO:
        yield from _of_folder(Path(settings.INBOX_DIR))


def _of_folder(folder):
    for path in sorted(folder.glob("*.eml"))[:AT_ONCE]:
        yield path.read_bytes(), lambda for_people, path=path: path.unlink(missing_ok=True)


def _of_imap(address):
    """imaps://user:password@host/INBOX; imap+tls and imap for STARTTLS and none. What is dealt with goes to folders beside it."""
    url = urlsplit(address)
    box = _BOXES[url.scheme](url.hostname, **({"port": url.port} if url.port else {}), timeout=PATIENCE)
    with box.login(unquote(url.username), unquote(url.password), initial_folder=unquote(url.path.strip("/")) or "INBOX") as box:
        for name in (DONE, TO_READ):
            if not box.folder.exists(name):
                box.folder.create(name)
        for head in list(box.fetch(limit=AT_ONCE, mark_seen=False, headers_only=True, bulk=True)):
            if head.size_rfc822 > settings.INBOUND_MAX_BYTES:
                box.move(head.uid, TO_READ)
            elif raw := _content(box, head.uid):
                yield raw, lambda for_people, uid=head.uid: box.move(uid, TO_READ if for_people else DONE)


_BOXES: dict[str, type[BaseMailBox]] = {"imaps": MailBox, "imap+tls": MailBoxStartTls, "imap": MailBoxUnencrypted}


def _content(box, uid):
    """The bytes as they lie there, not as the parser writes them again; nothing when another worker has moved them."""
    _status, parts = box.client.uid("fetch", uid, "(BODY.PEEK[])")
    return next((part[1] for part in parts if isinstance(part, tuple)), b"")
