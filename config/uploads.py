"""Files on their way: of what is too large enough is received to say so; who sends them by script learns where the answer leads."""

from http import HTTPStatus

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


class UploadMiddleware:
    """Tells a script that sends a form with files (X-Upload, static/js/files.js) where the answer leads instead of leading there.

    A browser follows a redirect for a script by itself, and the messages of the page it leads to would be read by nobody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.headers.get("X-Upload") and response.status_code in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER):
            response.status_code = HTTPStatus.NO_CONTENT
        return response
