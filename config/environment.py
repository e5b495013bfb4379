"""Settings from the environment, with error messages that name the variable and the expected value.

An empty variable counts as unset: compose files and unit files pass on variables that nobody has filled in. Errors never repeat the
value: it may be a secret, and startup errors end up in logs.
"""

import math
import os

import environ
from django.core.exceptions import ImproperlyConfigured

YES, NO = ("yes", "y", "true", "on", "1"), ("no", "n", "false", "off", "0")
KEY_LENGTH = 32  # characters; `openssl rand -hex 32` makes 64
DEMO_KEY = "demo-only-secret-key-of-careline-never-use-it-for-real"
DATABASES, MAIL_SERVERS = ("postgres", "postgresql", "psql", "pgsql"), ("smtp", "smtp+tls", "smtp+ssl", "smtps")


class Environment:
    """Reads settings from a mapping such as os.environ. Every method raises ImproperlyConfigured for an invalid value."""

    def __init__(self, given=os.environ):
        self.given = given

    def str(self, name, default=""):
        """Return a text as it is."""
        return self.given.get(name, "").strip() or default

    def list(self, name, default=()):
        """Return comma-separated texts."""
        return [text.strip() for text in self.str(name).split(",") if text.strip()] or [*default]

    def bool(self, name, default):
        """Return a boolean given as yes or no."""
        text = self.str(name).lower()
        if text and text not in YES + NO:
            raise wrong(name, "yes or no")
        return text in YES if text else default

    def int(self, name, default, *, least=1, most=1_000_000):
        """Return a whole number."""
        return self._number(int, name, default, least, most, "a whole number")

    def float(self, name, default):
        """Return a number of seconds."""
        return self._number(float, name, default, 0.1, 3600, "a number")

    def _number(self, kind, name, default, least, most, what):
        try:
            number = kind(self.str(name) or default)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise wrong(name, f"{what} from {least} to {most}")
        return number

    def url(self, name, default, *, schemes):
        """Return an address with one of these schemes."""
        text = self.str(name, default)
        if text and not text.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise wrong(name, " or ".join(f"{scheme}://…" for scheme in schemes))
        return text

    def db(self, name, default):
        """Return the address of a PostgreSQL database as Django settings."""
        return self._parsed(environ.Env.db_url_config, name, default, DATABASES)

    def email_url(self, name, default):
        """Return the address of a mail server as Django settings."""
        return self._parsed(environ.Env.email_url_config, name, default, MAIL_SERVERS)

    def _parsed(self, parse, name, default, schemes):
        try:
            return parse(self.url(name, default, schemes=schemes))
        except ValueError:
            raise wrong(
                name, f"{schemes[0]}://user:password@host:port, with characters such as @ and / in the password encoded as %40 and %2F"
            ) from None

    def is_demo(self):
        """Return whether this is the demo: by DEMO, else by the lack of SECRET_KEY. A set but empty variable was forgotten: no demo."""
        return self.bool("DEMO", default=False) if "DEMO" in self.given else "SECRET_KEY" not in self.given

    def secret_key(self, *, is_demo):
        """Return the secret key. The demo accepts any, and has a public default, which no real installation may use."""
        key = self.given.get("SECRET_KEY", "")
        if is_demo:
            return key or DEMO_KEY
        if len(key.strip()) < KEY_LENGTH or key == DEMO_KEY:
            raise wrong("SECRET_KEY", f"a random text of at least {KEY_LENGTH} characters, such as the output of `openssl rand -hex 32`")
        return key


def wrong(name, expected):
    """Return the exception to raise for an invalid setting."""
    return ImproperlyConfigured(f"Invalid value of the environment variable {name}. Expected: {expected}.")
