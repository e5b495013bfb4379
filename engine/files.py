"""Storage of uploaded files under generated names: file systems allow 255 bytes, which names of 90 characters can exceed."""

import uuid
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class GeneratedNames(FileSystemStorage):
    """Stores each file under a UUID with its original extension; the original name is kept in the database."""

    def get_valid_name(self, name):
        return f"{uuid.uuid4().hex}{Path(name).suffix.lower()}"
