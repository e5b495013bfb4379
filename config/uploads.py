"""What is received of files that cannot be kept, too large or with no room for them: enough to say so, not all of it."""

import errno
import io
from contextlib import contextmanager, suppress

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class EndlessFiles(FileUploadHandler):
    """Drops what comes after the limit of one file, and of all files of a request; what is kept is too large still, and refused so."""

    received = 0

    def receive_data_chunk(self, raw_data, start):
        page = getattr(getattr(self.request, "resolver_match", None), "view_name", None)
        if start > settings.LARGER_FILES.get(page, settings.ATTACHMENT_MAX_BYTES) or self.received > settings.ATTACHMENTS_OF_MESSAGE[1]:
            return None
        self.received += len(raw_data)
        return raw_data

    def file_complete(self, file_size):
        return None


class NoRoom(InMemoryUploadedFile):
    """A file that the disk of temporary files had no room for: its name and size, and nothing of what is in it."""

    has_no_room = True


class FilesOnDisk(TemporaryFileUploadHandler):
    """Django's own, but that a full disk is no error page: the form is read, and says which file had no room (attaching.check)."""

    file = None  # a body may end before its first file comes here

    def new_file(self, *args, **kwargs):
        self.file, self.is_full = None, False
        with self._room():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data, start):
        if not self.is_full:
            with self._room():
                super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size):
        if not self.is_full:
            with self._room():  # what is left to write is written when it is gone back to the beginning
                return super().file_complete(file_size)
        return NoRoom(io.BytesIO(), self.field_name, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self):
        """The body ends in the middle of a file: without it the rest is not what was sent."""
        if self.file:
            super().upload_interrupted()
        raise BadRequest("The body ends in the middle of a file.")

    @contextmanager
    def _room(self):
        try:
            yield
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            written, self.file, self.is_full = self.file, None, True
            if written:
                with suppress(OSError):  # it writes what is left before it closes, and is taken away all the same
                    written.close()
