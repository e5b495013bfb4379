"""Parse an incoming e-mail."""

import re
from email import message_from_string
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from imap_tools import MailMessage

from inbound.reply_text import text_of_html

# Parts that e-mail clients add by themselves: signatures, calendars, contact cards.
NOT_MEANT = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "text/calendar", "text/vcard")
# Headers with the addressees, including those of the envelope before the e-mail was forwarded.
TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
LONGEST = 200_000  # characters of a text that are read: the reply is at the beginning
LONGEST_HEAD = 64 * 1024  # bytes; decoding encoded words takes quadratic time
# So does parsing the header values of a part. File names have up to 255 bytes, about a thousand when encoded.
LONG_VALUE = re.compile(rb"(?<![^\r\n])content-[a-z-]{1,40}:(?:[^\r\n]|(?:\r\n|\r|\n)[ \t]){2000}", re.IGNORECASE)
PART, MOST_PARTS = re.compile(rb"[\r\n]--"), 2000


class Unreadable(Exception):
    """These bytes cannot be read as an e-mail."""


class IncomingMail(NamedTuple):
    """A parsed e-mail. `addresses` are its addressees, `is_automatic` means that a program wrote it, `text` is the whole text.

    If it reports a failed delivery, `failed` is the Message-ID of the undelivered e-mail and `why` the mail server's reason; else "".
    """

    message_id: str
    sender: str
    addresses: tuple
    subject: str
    is_automatic: bool
    failed: str
    why: str
    text: str
    files: tuple


def read(raw):
    """Return the Letter in these bytes (RFC 5322). Raise Unreadable."""
    if len(re.split(rb"\r?\n\r?\n", raw[: LONGEST_HEAD + 2], maxsplit=1)[0]) > LONGEST_HEAD:
        raise Unreadable("The header is too long.")
    if LONG_VALUE.search(raw):
        raise Unreadable("The header of a part is too long.")
    if sum(1 for _part in islice(PART.finditer(raw), MOST_PARTS)) == MOST_PARTS:
        raise Unreadable("There are too many parts.")
    try:
        return _read(MailMessage.from_bytes(raw))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:  # raised by e-mail parsers on malformed input
        raise Unreadable(type(error).__name__) from error


def _read(mail):
    if any(part.get_content_charset() == "punycode" for part in mail.obj.walk()):  # unused in e-mails, and takes quadratic time
        raise Unreadable("The character set is not one for e-mails.")
    failed, why = _failed(mail.obj)
    return IncomingMail(
        message_id=_plain(_first(mail, "message-id")).strip()[:250],
        sender=mail.from_.strip().lower(),
        addresses=tuple(value.lower() for name in TO for value in mail.headers.get(name, ())),
        subject=_plain(mail.subject)[:200],
        is_automatic=_is_automatic(mail),
        failed=failed,
        why=why,
        text=_plain(mail.text[:LONGEST] if mail.text.strip() else text_of_html(mail.html[:LONGEST])),
        files=tuple(_file(part, place) for place, part in enumerate(mail.attachments, 1) if _is_meant(part)),
    )


def _is_automatic(mail):
    """Return whether a program wrote it (out of office, bounce, list, helpdesk): a reply would be replied to again (RFC 3834, RFC 3464)."""
    auto, precedence = _first(mail, "auto-submitted").lower(), _first(mail, "precedence").lower()
    return (
        (auto and not auto.startswith("no"))
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(name in mail.headers for name in ("x-autoreply", "x-autorespond", "list-id", "x-failed-recipients"))
        or _first(mail, "return-path").strip() == "<>"
        or mail.obj.get_content_type() == "multipart/report"
        or mail.from_.lower().startswith(("mailer-daemon@", "postmaster@", "no-reply@", "noreply@"))
    )


def _failed(message):
    """Return (Message-ID, reason) of the e-mail that a delivery report says was not delivered (RFC 3464), or ("", "")."""
    parts = {part.get_content_type(): part for part in message.walk()} if message.get_content_type() == "multipart/report" else {}
    if "message/delivery-status" not in parts:
        return "", ""
    told = [block for block in parts["message/delivery-status"].get_payload() if str(block.get("action", "")).strip().lower() == "failed"]
    sent = parts.get("message/rfc822") or parts.get("text/rfc822-headers")
    if not told or sent is None:
        return "", ""
    payload = sent.get_payload()
    head = payload[0] if isinstance(payload, list) else message_from_string(payload)
    return str(head.get("message-id", "")), _plain(" ".join(str(told[0].get("diagnostic-code", told[0].get("status", ""))).split()))[:500]


def _first(mail, name):
    return next(iter(mail.headers.get(name, ())), "")


def _plain(text):
    """Return the text without control characters: PostgreSQL stores no NUL, and nobody types the others."""
    return "".join(char for char in text if char in "\n\t" or (char.isprintable() or char == "\xa0")).strip("\n") if text else ""


def _is_meant(part):
    return part.payload and part.content_type not in NOT_MEANT


def _file(part, place):
    name = _plain(part.filename).rpartition("/")[2]
    if not name.strip(". "):
        name = f"file-{place}.{settings.ATTACHMENT_TYPES.get(part.content_type, ('txt',))[0]}"
    return SimpleUploadedFile(name, part.payload, part.content_type)
