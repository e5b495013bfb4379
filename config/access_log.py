"""The access log of the web server, with client addresses even behind a proxy, and without secret links."""

import os
import re

from gunicorn.glogging import Logger

# Links that work without signing in: consent, invitation, password reset. "sent" and "done" are pages, not links.
SECRET = re.compile(r"(/(?:confirm|account/invitation|account/password/reset)/)(?!sent/|done/)[^/\s?]+")


def redact_secrets(text):
    """Return the text, such as an address, with the tokens in it removed."""
    return SECRET.sub(r"\1…", text)


def client_address(environ):
    """Return the client's address as seen by the outermost of our TRUSTED_PROXIES, like the sign-in limits do, else the connection's."""
    proxies = int(os.environ.get("TRUSTED_PROXIES") or 0)
    seen = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return (seen[-proxies].strip() if 0 < proxies <= len(seen) else "") or environ.get("REMOTE_ADDR", "-")


class AccessLog(Logger):
    """Gunicorn's logger, with the client's address and without tokens."""

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        return atoms | {"h": client_address(environ)} | {name: redact_secrets(atoms[name]) for name in ("r", "U", "f") if atoms.get(name)}
