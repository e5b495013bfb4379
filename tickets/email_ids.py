"""The reply address and the Message-ID by which replies to e-mails about tickets are recognised.

A reply address (care+1010011-k4qz…@careline.example, a subaddress of RFC 5233) belongs to one ticket and one reader, so that neither a
forged sender nor somebody else's e-mail is enough to write on a ticket. A Message-ID cannot be forged either.
"""

import base64
import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from partners.email_parts import mail_host

DIGEST_BYTES = 10  # 80 bits, 16 characters: the local part of an address has at most 64 (RFC 5321, 4.5.3.1.1) and no reliable case
MAIL = re.compile(r"<careline-mail-([0-9]{1,18})-([a-z2-7]{16})@")
TICKET = re.compile(r"\+([0-9]{1,12})-([a-z2-7]{16})@")


def reply_address(number, reader):
    """Return this reader's reply address for e-mails about the ticket; "" if replies by e-mail are not accepted."""
    name, at, host = settings.REPLY_ADDRESS.rpartition("@")
    return f"{name}+{number}-{_code(f'{number}:{reader.lower()}', settings.SECRET_KEY)}@{host}" if at else ""


def ticket_of(addresses):
    """Return (number, code) from the first of these addresses that is one of ours, or None."""
    found = (TICKET.search(address.lower()) for address in addresses)
    return next(((int(match[1]), match[2]) for match in found if match), None)


def belongs_to(number, code, reader):
    """Return whether the code was made for this ticket and this reader."""
    return _is_code(code, f"{number}:{reader.lower()}")


def message_id(mail):
    """Return the Message-ID of the Mail with this key: the same each time it is sent, so that duplicates are recognised."""
    return f"<careline-mail-{mail}-{_code(f'mail:{mail}', settings.SECRET_KEY)}@{mail_host()}>"


def conversation_id(number):
    """Return the Message-ID that all e-mails about a ticket refer to, so that mail clients group them."""
    return f"<careline-ticket-{number}@{mail_host()}>"


def mail_of(message_id):
    """Return the key of the Mail with this Message-ID, or None if it is not one of ours."""
    match = MAIL.match(message_id.strip())
    return int(match[1]) if match and _is_code(match[2], f"mail:{match[1]}") else None


def _is_code(code, about):
    """Return whether the code was made with the current secret key or one it has replaced."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(code, _code(about, secret)) for secret in secrets)


def _code(about, secret):
    digest = salted_hmac("careline.mail", about, secret=secret, algorithm="sha256").digest()
    return base64.b32encode(digest[:DIGEST_BYTES]).decode().lower()
