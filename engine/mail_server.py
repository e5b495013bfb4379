"""Send many e-mails over one connection: connecting, encryption and sign-in take much longer than sending an e-mail."""

import time
from contextlib import contextmanager, suppress
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import get_connection

MOST = 50  # e-mails per connection: servers end connections that last too long
SILENT = 5  # seconds; a failure after this time means that the server accepts connections but does not respond
REST = 30  # seconds for which this process then avoids it
_rested_until = 0.0


def is_unresponsive():
    """Return whether the mail server recently kept this process waiting: the worker has few processes, which other tasks need."""
    return time.monotonic() < _rested_until


@contextmanager
def noticing_timeouts():
    """Wrap the sending of an e-mail to notice a mail server that does not respond."""
    global _rested_until
    since = time.monotonic()
    try:
        yield
    except OSError:  # includes SMTPException
        if time.monotonic() - since > SILENT:
            _rested_until = time.monotonic() + REST
        raise


class MailServer:
    """A context manager for one connection, opened with the first e-mail and closed at the end."""

    def __init__(self):
        self.connection, self.sent = get_connection(), 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._close()

    def send(self, message):
        """Send an EmailMessage. Raise the mail server's SMTPException or OSError.

        After a failure on a connection that has sent e-mails before, which may have gone stale, try once more on a new one.
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
            if not carried or is_unresponsive():
                raise
            self._send(message)

    def _send(self, message):
        with noticing_timeouts():
            self.connection.open()  # opened here, as send() would close it after each e-mail
            message.connection = self.connection
            message.send()
        self.sent += 1

    def _close(self):
        self.sent = 0
        with suppress(SMTPException, OSError):
            self.connection.close()
