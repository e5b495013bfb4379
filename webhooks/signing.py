"""How the receiver of a call knows that it is ours: the signature of Standard Webhooks 1.0 (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

OVERLAP = timedelta(days=1)  # while both the new secret and the one before are signed with


def secret(webhook, generation=None, key=None):
    """The secret of a webhook as its owner keeps it, "whsec_…". It is worked out from SECRET_KEY, so that none lies in the database."""
    about = f"{webhook.pk}:{generation or webhook.generation}"
    made = salted_hmac("careline.webhook", about, secret=key, algorithm="sha256").digest()
    return f"whsec_{base64.b64encode(made).decode()}"


def headers(webhook, name, body, *, at):
    """The headers that sign a call: its name, which is the same however often it comes, the time in seconds, the signatures.

    There are several for a day after a new secret, and while a replaced SECRET_KEY is to hold still.
    """
    is_new = webhook.renewed_at and at < webhook.renewed_at + OVERLAP
    generations = [webhook.generation, *([webhook.generation - 1] if is_new else [])]
    seconds = str(int(at.timestamp()))
    signed = f"{name}.{seconds}.".encode() + body
    secrets = [secret(webhook, one, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) for one in generations]
    return {"webhook-id": name, "webhook-timestamp": seconds, "webhook-signature": " ".join(sign(one, signed) for one in secrets)}


def sign(text, signed):
    """The signature, version 1, of these bytes with a secret that is written "whsec_…"."""
    key = base64.b64decode(text.removeprefix("whsec_"))
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"
