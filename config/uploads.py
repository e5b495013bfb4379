"""Uploads that are too large, or for which the disk has no room: read just enough of them to report the problem."""

import errno
import io
from contextlib import contextmanager, suppress

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class EndlessFiles(FileUploadHandler):
    """Discards data beyond the limit of one file and of all files of a request; the rest is still too large, and is refused as such."""

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
    """A file for which the temporary disk had no room: its name and size without content."""

    has_no_room = True


class FilesOnDisk(TemporaryFileUploadHandler):
    """Django's handler, but a full disk leads to an error in the form that names the file (attaching.check), not to an error page."""

    file = None  # a body may end before its first file reaches this handler

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
            with self._room():  # seeking to the start writes the remaining data
                return super().file_complete(file_size)
        return NoRoom(io.BytesIO(), self.field_name, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self):
        """A body that ends in the middle of a file is incomplete as a whole."""
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
                with suppress(OSError):  # closing writes the remaining data first, and removes the file even if that fails
                    written.close()
