"""Sources of incoming e-mails: an IMAP mailbox, or the demo's folder."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

AT_ONCE = 50
PATIENCE = 10  # seconds to wait for the mail server
DONE, TO_READ = "Careline", "Careline-to-read"  # folders for processed e-mails, and for those that need a person


def mails():
    """Yield at most AT_ONCE e-mails, oldest first, as (bytes, function that moves it away: put_away(for_people=True))."""
    if settings.INBOUND_EMAIL_URL:
        yield from _of_imap(settings.INBOUND_EMAIL_URL)
    elif settings.DEMO:
        yield from _of_folder(Path(settings.INBOX_DIR))


def _of_folder(folder):
    for path in sorted(folder.glob("*.eml"))[:AT_ONCE]:
        yield path.read_bytes(), lambda for_people, path=path: path.unlink(missing_ok=True)


def _of_imap(address):
    """Read imaps://user:password@host/INBOX (imap+tls: STARTTLS, imap: unencrypted). Processed e-mails go to sibling folders."""
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
    """Return the e-mail's original bytes, not re-serialised by the parser; b"" if another worker has moved it."""
    _status, parts = box.client.uid("fetch", uid, "(BODY.PEEK[])")
    return next((part[1] for part in parts if isinstance(part, tuple)), b"")
