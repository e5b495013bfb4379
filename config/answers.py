"""Answers as those who asked can use them: a page where Django's is empty, and for a script that sends files where it is led."""

from http import HTTPStatus

from config import errors


class AnswerMiddleware:
    """The page for a 405 that a person gets (programs keep the plain one), and 204 with the address in place of a redirect.

    The latter is for a script that sends a form with files (X-Upload, static/js/files.js): a browser follows a redirect for a script by
    itself, and the messages of the page it leads to would be read by nobody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content and not request.path.startswith("/api/"):
            page = errors.not_allowed(request)
            page["Allow"] = response["Allow"]
            return page
        if response.status_code in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER) and request.headers.get("X-Upload"):
            response.status_code = HTTPStatus.NO_CONTENT
        return response
