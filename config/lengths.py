"""Bodies come with their length: of one sent in chunks Django reads nothing, and would answer to an empty one."""

from django.utils.translation import gettext as _

from partners.problems import response


class LengthMiddleware:
    """411 for a call of the API whose body has no Content-Length (RFC 9110, 15.5.12); a proxy that collects bodies adds one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/api/") and "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            return response(411, _("Send the body in one piece, with its Content-Length."))
        return self.get_response(request)
