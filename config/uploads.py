"""What is received of files that are too large anyway: enough to say so, not all of it."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class EndlessFiles(FileUploadHandler):
    """Drops what comes after the limit of one file, and of all files of a request; what is kept is too large still, and refused so."""

    received = 0

    def receive_data_chunk(self, raw_data, start):
        if start > settings.ATTACHMENT_MAX_BYTES or self.received > settings.ATTACHMENTS_OF_MESSAGE[1]:
            return None
        self.received += len(raw_data)
        return raw_data

    def file_complete(self, file_size):
        return None
