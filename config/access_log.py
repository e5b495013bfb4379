"""The web server's log of requests, without what opens something to whoever reads it."""

import re

from gunicorn.glogging import Logger

# Links that are good without signing in: consent, invitation, a new password. "sent" and "done" are pages, no links.
SECRET = re.compile(r"(/(?:confirm|account/invitation|account/password/reset)/)(?!sent/|done/)[^/\s?]+")


def without_secrets(text):
    """The text, such as an address, with the tokens in it left out."""
    return SECRET.sub(r"\1…", text)


class AccessLog(Logger):
    """Gunicorn's own, with the tokens in addresses left out."""

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        return atoms | {name: without_secrets(atoms[name]) for name in ("r", "U", "f") if atoms.get(name)}
