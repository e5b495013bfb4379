"""Signatures by which receivers verify our calls, after Standard Webhooks 1.0 (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

OVERLAP = timedelta(days=1)  # during which calls are signed with the new and the previous secret


def secret(webhook, generation=None, key=None):
    """Return the secret of a webhook, "whsec_…". It is derived from SECRET_KEY, so that the database holds none."""
    about = f"{webhook.pk}:{generation or webhook.generation}"
    made = salted_hmac("careline.webhook", about, secret=key, algorithm="sha256").digest()
    return f"whsec_{base64.b64encode(made).decode()}"


def headers(webhook, name, body, *, at):
    """Return the headers that sign a call: its ID, which is the same for repeated calls, the time in seconds, and the signatures.

    There are several signatures for a day after a new secret, and while a replaced SECRET_KEY is still accepted.
    """
    is_new = webhook.renewed_at and at < webhook.renewed_at + OVERLAP
    generations = [webhook.generation, *([webhook.generation - 1] if is_new else [])]
    seconds = str(int(at.timestamp()))
    signed = f"{name}.{seconds}.".encode() + body
    secrets = [secret(webhook, one, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) for one in generations]
    return {"webhook-id": name, "webhook-timestamp": seconds, "webhook-signature": " ".join(sign(one, signed) for one in secrets)}


def sign(text, signed):
    """Return the version 1 signature of these bytes with a secret "whsec_…"."""
    key = base64.b64decode(text.removeprefix("whsec_"))
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"
