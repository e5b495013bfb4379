"""Our own files have the digest of what they hold in their address, so browsers keep them for ever; texts travel compressed (0357)."""

import hashlib
import re
from functools import cache
from http import HTTPStatus
from pathlib import Path, PurePosixPath

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage
from django.middleware.gzip import GZipMiddleware
from whitenoise.middleware import WhiteNoiseFileResponse, WhiteNoiseMiddleware

DIGEST = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")
TEXT = re.compile(r"text/|application/(json|problem\+json|javascript)|image/svg")


@cache
def _digest(name):
    """The digest of a file of this name, in the address; None if there is none."""
    path = finders.find(name)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12] if path and Path(path).is_file() else None


class DigestStorage(StaticFilesStorage):
    """What `{% static "js/careline.js" %}` asks: "/static/js/careline.0123456789ab.js", found without a step that collects files."""

    def url(self, name):
        digest = name and _digest(name)
        return super().url(str(PurePosixPath(name).with_suffix(f".{digest}{PurePosixPath(name).suffix}")) if digest else name)


class FilesMiddleware(WhiteNoiseMiddleware):
    """Answers with a file whatever digest is asked for; only for the right one is it kept for longer than a minute.

    So a page of the version before finds its files after an upgrade, and two servers of two versions spoil no browser's cache.
    """

    def __call__(self, request):
        path = request.path_info
        plain = DIGEST.sub("", path) if path.startswith(self.static_prefix) else path
        file = self.find_file(plain) if self.autorefresh else self.files.get(plain)
        if file is None:
            return self.get_response(request)
        response = self.serve(file, request)
        del response["ETag"]  # it would be another one once compressed; the moment of the last change tells as much
        if plain != path and path == staticfiles_storage.url(plain.removeprefix(self.static_prefix)):
            response["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class CompressionMiddleware(GZipMiddleware):
    """Django's, for pages and our own files, which are text; what is streamed and what is packed already goes as it is."""

    def process_response(self, request, response):
        is_file = isinstance(response, WhiteNoiseFileResponse) and response.status_code == HTTPStatus.OK and request.method == "GET"
        is_text = TEXT.match(response.get("Content-Type", "")) and (is_file or not response.streaming)
        return super().process_response(request, response) if is_text else response
