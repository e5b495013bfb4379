"""Bodies come with their length: of one sent in chunks Django reads nothing, and would answer to an empty one. All of them are read."""

from contextlib import suppress

from django.conf import settings
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from web.problems import response

AT_ONCE = 64 * 1024


class LengthMiddleware:
    """411 for a call of the API whose body has no Content-Length (RFC 9110, 15.5.12); a proxy that collects bodies adds one.

    An answer that looked at no body, such as a 401, leaves it in the connection, which the server then closes although it said
    keep-alive: the program's next call would be lost (RFC 9112, 9.6). So up to the size of a file is read first.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            return response(411, _("Send the body in one piece, with its Content-Length."))
        answer = self.get_response(request)
        left = settings.ATTACHMENT_MAX_BYTES
        with suppress(OSError, BadRequest):  # whoever sent it has gone
            while left > 0 and (chunk := request.read(AT_ONCE)):
                left -= len(chunk)
        return answer
