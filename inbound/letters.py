"""One mail as it came in, read."""

import re
from email import message_from_string
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from imap_tools import MailMessage

from inbound.own_words import text_of_html

# What mail programs add by themselves, and nobody means to send: signatures, calendars, cards.
NOT_MEANT = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "text/calendar", "text/vcard")
# Whom a mail was for, also where it was handed on (the envelope, as mail servers note it down).
TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
LONGEST = 200_000  # characters of a text that are looked at: what is written in it is at the beginning
LONGEST_HEAD = 64 * 1024  # bytes; words in other character sets take the time of their square
# So do the values of a part, as Python reads them: names of files have 255 bytes, which are a thousand or so as mails write them.
LONG_VALUE = re.compile(rb"(?<![^\r\n])content-[a-z-]{1,40}:(?:[^\r\n]|(?:\r\n|\r|\n)[ \t]){2000}", re.IGNORECASE)
PART, MOST_PARTS = re.compile(rb"[\r\n]--"), 2000


class Unreadable(Exception):
    """These bytes are no mail that can be read."""


class Letter(NamedTuple):
    """A mail: `addresses` are whom it was for, `is_automatic` says that a program wrote it, `text` is all of it.

    `failed` is the Message-ID of the mail that it says could not be delivered, or empty; `why` says the mail server's words.
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
    """The Letter in these bytes (RFC 5322). Raises Unreadable."""
    if len(re.split(rb"\r?\n\r?\n", raw[: LONGEST_HEAD + 2], maxsplit=1)[0]) > LONGEST_HEAD:
        raise Unreadable("The head is too long.")
    if LONG_VALUE.search(raw):
        raise Unreadable("The head of a part is too long.")
    if sum(1 for _part in islice(PART.finditer(raw), MOST_PARTS)) == MOST_PARTS:
        raise Unreadable("There are too many parts.")
    try:
        return _read(MailMessage.from_bytes(raw))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:  # what parsers of mails trip over
        raise Unreadable(type(error).__name__) from error


def _read(mail):
    if any(part.get_content_charset() == "punycode" for part in mail.obj.walk()):  # no mail has it, and it takes the time of its square
        raise Unreadable("It is in no character set of mails.")
    failed, why = _failed(mail.obj)
    return Letter(
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
    """Out of office, delivery failed, a list, a helpdesk: what is answered to would answer again (RFC 3834, RFC 3464)."""
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
    """(Message-ID, why) of the mail that a report of a mail server says was not delivered (RFC 3464), or two empty texts."""
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
    """Without what no text holds: PostgreSQL keeps no NUL, and nobody types the others."""
    return "".join(char for char in text if char in "\n\t" or (char.isprintable() or char == "\xa0")).strip("\n") if text else ""


def _is_meant(part):
    return part.payload and part.content_type not in NOT_MEANT


def _file(part, place):
    name = _plain(part.filename).rpartition("/")[2]
    if not name.strip(". "):
        name = f"file-{place}.{settings.ATTACHMENT_TYPES.get(part.content_type, ('txt',))[0]}"
    return SimpleUploadedFile(name, part.payload, part.content_type)
