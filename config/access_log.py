"""The web server's log of requests: who asked also behind a proxy, and without what opens something to whoever reads it."""

import os
import re

from gunicorn.glogging import Logger

# Links that are good without signing in: consent, invitation, a new password. "sent" and "done" are pages, no links.
SECRET = re.compile(r"(/(?:confirm|account/invitation|account/password/reset)/)(?!sent/|done/)[^/\s?]+")


def without_secrets(text):
    """The text, such as an address, with the tokens in it left out."""
    return SECRET.sub(r"\1…", text)


def asked_from(environ):
    """The address of who asks: what the outermost of our TRUSTED_PROXIES saw, as the limits of sign-ins count it, else the connection's."""
    proxies = int(os.environ.get("TRUSTED_PROXIES") or 0)
    seen = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return (seen[-proxies].strip() if 0 < proxies <= len(seen) else "") or environ.get("REMOTE_ADDR", "-")


class AccessLog(Logger):
    """Gunicorn's own, with the address of who asks, and the tokens in addresses left out."""

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        return atoms | {"h": asked_from(environ)} | {name: without_secrets(atoms[name]) for name in ("r", "U", "f") if atoms.get(name)}
