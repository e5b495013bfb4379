"""An address that only takes forms says so to whoever opens it: Django's answer is an empty page."""

from config import errors


class MethodMiddleware:
    """The page for a 405 that a person gets; programs keep the plain one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.path.startswith("/api/"):
            return response
        page = errors.not_allowed(request)
        page["Allow"] = response["Allow"]
        return page
