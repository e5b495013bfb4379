"""What mails about tickets are known by when they come back: the address that one is answered to, and its Message-ID.

An address (care+1010011-k4qz…@careline.example, a subaddress of RFC 5233) belongs to one ticket and one reader, so that neither a made-up
sender nor somebody else's mail is enough to write on a ticket. A Message-ID cannot be made up either.
"""

import base64
import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from partners.letters import mail_host

DIGEST_BYTES = 10  # 80 bits, 16 characters: a part before the @ has 64 at most (RFC 5321, 4.5.3.1.1), and no case that counts
MAIL = re.compile(r"<careline-mail-([0-9]{1,18})-([a-z2-7]{16})@")
TICKET = re.compile(r"\+([0-9]{1,12})-([a-z2-7]{16})@")


def reply_address(number, reader):
    """Where this reader (an e-mail address) answers to a mail about the ticket; "" where answers by mail are not taken in."""
    name, at, host = settings.REPLY_ADDRESS.rpartition("@")
    return f"{name}+{number}-{_code(f'{number}:{reader.lower()}', settings.SECRET_KEY)}@{host}" if at else ""


def ticket_of(addresses):
    """(number, code) of the first of these addresses that is one of ours, or None."""
    found = (TICKET.search(address.lower()) for address in addresses)
    return next(((int(match[1]), match[2]) for match in found if match), None)


def belongs_to(number, code, reader):
    """Whether the code was made for this ticket and this reader."""
    return _is_code(code, f"{number}:{reader.lower()}")


def message_id(mail):
    """The Message-ID of the Mail with this key: the same however often it is sent, so that two of it are one."""
    return f"<careline-mail-{mail}-{_code(f'mail:{mail}', settings.SECRET_KEY)}@{mail_host()}>"


def conversation_id(number):
    """The Message-ID to which all mails about a ticket answer, so that mail programs show them together."""
    return f"<careline-ticket-{number}@{mail_host()}>"


def mail_of(message_id):
    """The key of the Mail with this Message-ID, None for what is none of ours."""
    match = MAIL.match(message_id.strip())
    return int(match[1]) if match and _is_code(match[2], f"mail:{match[1]}") else None


def _is_code(code, about):
    """Whether it was made with the present secret or one that it has replaced."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(code, _code(about, secret)) for secret in secrets)


def _code(about, secret):
    digest = salted_hmac("careline.mail", about, secret=secret, algorithm="sha256").digest()
    return base64.b32encode(digest[:DIGEST_BYTES]).decode().lower()
