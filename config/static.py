"""Static files have a digest of their content in their address, so browsers cache them for ever; texts are sent compressed (0357)."""

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
    """Return the digest of the file for use in its address, or None if there is no such file."""
    path = finders.find(name)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12] if path and Path(path).is_file() else None


class DigestStorage(StaticFilesStorage):
    """Resolves `{% static "js/careline.js" %}` to "/static/js/careline.0123456789ab.js", without a collectstatic step."""

    def url(self, name):
        digest = name and _digest(name)
        return super().url(str(PurePosixPath(name).with_suffix(f".{digest}{PurePosixPath(name).suffix}")) if digest else name)


class FilesMiddleware(WhiteNoiseMiddleware):
    """Serves a file under any digest, but allows long caching only under the current one; otherwise a minute.

    So pages of the previous version still find their files after an upgrade, and two servers with different versions spoil no caches.
    """

    def __call__(self, request):
        path = request.path_info
        plain = DIGEST.sub("", path) if path.startswith(self.static_prefix) else path
        file = self.find_file(plain) if self.autorefresh else self.files.get(plain)
        if file is None:
            return self.get_response(request)
        response = self.serve(file, request)
        del response["ETag"]  # it would be wrong after compression; Last-Modified is sufficient
        if plain != path and path == staticfiles_storage.url(plain.removeprefix(self.static_prefix)):
            response["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class CompressionMiddleware(GZipMiddleware):
    """Django's GZipMiddleware for pages and static text files; streamed and already compressed responses stay as they are."""

    def process_response(self, request, response):
        is_file = isinstance(response, WhiteNoiseFileResponse) and response.status_code == HTTPStatus.OK and request.method == "GET"
        is_text = TEXT.match(response.get("Content-Type", "")) and (is_file or not response.streaming)
        return super().process_response(request, response) if is_text else response
