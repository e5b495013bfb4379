"""Request bodies need a length: of a chunked one Django reads nothing, and would process an empty body."""

from contextlib import suppress

from django.conf import settings
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from web.problems import response

AT_ONCE = 64 * 1024


class ContentLengthMiddleware:
    """Responds 411 to API calls whose body has no Content-Length (RFC 9110, 15.5.12); buffering proxies add one.

    A response sent without reading the body, such as a 401, leaves it on the connection, which the server then closes despite keep-alive,
    so that the client's next call is lost (RFC 9112, 9.6). Therefore unread bodies up to the size of a file are read first.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            return response(411, _("Send the body with a Content-Length header, not in chunks."))
        answer = self.get_response(request)
        left = settings.ATTACHMENT_MAX_BYTES
        with suppress(OSError, BadRequest):  # the client has gone
            while left > 0 and (chunk := request.read(AT_ONCE)):
                left -= len(chunk)
        return answer
