"""A mail server for these tests: one file per e-mail; refuses everything while its folder contains a file `refuse`."""

import os
import uuid
from pathlib import Path
from smtplib import SMTPServerDisconnected

from django.core.mail.backends.base import BaseEmailBackend


class Postbox(BaseEmailBackend):
    def send_messages(self, messages):
        folder = Path(os.environ["POSTBOX"])
        for message in messages:
            if (folder / "refuse").exists():
                (folder / "refused").touch()
                raise SMTPServerDisconnected("A mail server of the tests that is away.")
            (folder / f"{uuid.uuid4()}.mail").write_text(f"{message.to[0]}\n{message.subject}\n{message.body}")
        return len(messages)
