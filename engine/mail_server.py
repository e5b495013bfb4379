"""Many mails over one connection: to connect, encrypt and sign in takes a mail server far longer than to take a mail."""

import time
from contextlib import contextmanager, suppress
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import get_connection

MOST = 50  # mails over one connection: servers end those that go on for ever
SILENT = 5  # seconds after which a failure is that of a server which takes connections and says nothing
REST = 30  # seconds in which this process does not wait for such a one again
_rested_until = 0.0


def is_silent():
    """Whether the mail server has lately kept this process waiting in vain: it has few places, and others wait for them."""
    return time.monotonic() < _rested_until


@contextmanager
def noticing():
    """Around what sends a mail: a mail server that says nothing is known as that for a while."""
    global _rested_until
    since = time.monotonic()
    try:
        yield
    except OSError:  # SMTPException is one
        if time.monotonic() - since > SILENT:
            _rested_until = time.monotonic() + REST
        raise


class MailServer:
    """The connection for a `with`: opened with the first mail, closed at the end."""

    def __init__(self):
        self.connection, self.sent = get_connection(), 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._close()

    def send(self, message):
        """Send an EmailMessage. Raises what the mail server's refusal or absence raises (SMTPException, OSError).

        What fails over a connection that has carried mails before may be the connection's fault: it is tried once more over a fresh one.
        """
        if self.sent >= MOST:
            self._close()
        carried = self.sent > 0
        try:
            self._send(message)
        except SMTPRecipientsRefused:
            raise
        except SMTPException:
            self._close()
            if not carried or is_silent():
                raise
            self._send(message)

    def _send(self, message):
        with noticing():
            self.connection.open()  # whoever opens it closes it: otherwise send() would, after each mail
            message.connection = self.connection
            message.send()
        self.sent += 1

    def _close(self):
        self.sent = 0
        with suppress(SMTPException, OSError):
            self.connection.close()
