"""What an installation sets in its environment, read so that what is wrong there names itself and says what is expected.

A setting that is there but empty is as good as none: compose files and unit files hand on what nobody has filled in. No error repeats what
was set: it may be a secret, and errors of the start stand in logs.
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
    """Reads settings from a mapping such as os.environ. Each method raises ImproperlyConfigured for what cannot be meant."""

    def __init__(self, given=os.environ):
        self.given = given

    def str(self, name, default=""):
        """A text as it stands there."""
        return self.given.get(name, "").strip() or default

    def list(self, name, default=()):
        """Texts with commas between them."""
        return [text.strip() for text in self.str(name).split(",") if text.strip()] or [*default]

    def bool(self, name, default):
        """Yes or no."""
        text = self.str(name).lower()
        if text and text not in YES + NO:
            raise wrong(name, "yes or no")
        return text in YES if text else default

    def int(self, name, default, *, least=1, most=1_000_000):
        """A whole number."""
        return self._number(int, name, default, least, most, "a whole number")

    def float(self, name, default):
        """A number of seconds."""
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
        """The address of something, which begins with one of the schemes."""
        text = self.str(name, default)
        if text and not text.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise wrong(name, " or ".join(f"{scheme}://…" for scheme in schemes))
        return text

    def db(self, name, default):
        """The address of a PostgreSQL database, as Django's settings of it."""
        return self._parsed(environ.Env.db_url_config, name, default, DATABASES)

    def email_url(self, name, default):
        """The address of a mail server, as Django's settings of it."""
        return self._parsed(environ.Env.email_url_config, name, default, MAIL_SERVERS)

    def _parsed(self, parse, name, default, schemes):
        try:
            return parse(self.url(name, default, schemes=schemes))
        except ValueError:
            raise wrong(
                name, f"{schemes[0]}://user:password@host:port, with signs such as @ and / in the password as %40 and %2F"
            ) from None

    def is_demo(self):
        """Whether this is the demo: as DEMO says, else without a SECRET_KEY. One of them that is there but empty was forgotten: no demo."""
        return self.bool("DEMO", default=False) if "DEMO" in self.given else "SECRET_KEY" not in self.given

    def secret_key(self, *, is_demo):
        """The secret key. In the demo any does, and where none is set its own, which everybody knows and no installation may have."""
        key = self.given.get("SECRET_KEY", "")
        if is_demo:
            return key or DEMO_KEY
        if len(key.strip()) < KEY_LENGTH or key == DEMO_KEY:
            raise wrong("SECRET_KEY", f"a random text of at least {KEY_LENGTH} characters, such as `openssl rand -hex 32` makes")
        return key


def wrong(name, expected):
    """The error about a setting, to be raised."""
    return ImproperlyConfigured(f"The environment variable {name} is not set as it should be. Expected: {expected}.")
