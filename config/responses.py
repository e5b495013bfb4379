"""Responses adapted to the client: a page where Django's is empty, and redirects for uploads by script."""

from http import HTTPStatus

from config import errors


class ResponseMiddleware:
    """Shows people a page for a 405 (programs get the plain one), and turns redirects into 204 with Location for uploads by script.

    A script that uploads files (X-Upload, static/js/files.js) cannot see a redirect, since browsers follow it by themselves, and the
    messages on the target page would be lost.
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
