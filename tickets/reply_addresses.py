"""The addresses that mails about a ticket are answered to: care+1010011-k4qz….@careline.example (subaddresses, RFC 5233).

Each belongs to one ticket and one reader, so that neither a made-up sender nor somebody else's mail is enough to write on a ticket.
"""

import base64
import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

DIGEST_BYTES = 10  # 80 bits, 16 characters: a part before the @ has 64 at most (RFC 5321, 4.5.3.1.1), and no case that counts
TICKET = re.compile(r"\+([0-9]{1,12})-([a-z2-7]{16})@")


def reply_address(number, reader):
    """Where this reader (an e-mail address) answers to a mail about the ticket; "" where answers by mail are not taken in."""
    name, at, host = settings.REPLY_ADDRESS.rpartition("@")
    return f"{name}+{number}-{_code(number, reader, settings.SECRET_KEY)}@{host}" if at else ""


def ticket_of(addresses):
    """(number, code) of the first of these addresses that is one of ours, or None."""
    found = (TICKET.search(address.lower()) for address in addresses)
    return next(((int(match[1]), match[2]) for match in found if match), None)


def belongs_to(number, code, reader):
    """Whether the code was made for this ticket and this reader, with the present secret or one that it has replaced."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(code, _code(number, reader, secret)) for secret in secrets)


def _code(number, reader, secret):
    digest = salted_hmac("careline.reply", f"{number}:{reader.lower()}", secret=secret, algorithm="sha256").digest()
    return base64.b32encode(digest[:DIGEST_BYTES]).decode().lower()
