"""Where files lie, under names that nobody reads: there a name has 255 bytes, and people have longer ones of 90 characters."""

import uuid
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class OwnNames(FileSystemStorage):
    """Calls each file by a name of its own with the ending it came with; what people call it is kept in its row."""

    def get_valid_name(self, name):
        return f"{uuid.uuid4().hex}{Path(name).suffix.lower()}"
