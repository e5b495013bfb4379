"""Addresses end with a slash; those without are redirected so that a POST remains a POST with its body."""

from django.http import HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware


class SentOn(HttpResponsePermanentRedirect):
    """308: after a 301 many programs repeat a POST as GET, and take the list in the response for what they created (RFC 9110, 15.4.9)."""

    status_code = 308


class SlashMiddleware(CommonMiddleware):
    """Django's CommonMiddleware, but redirecting with SentOn."""

    response_redirect_class = SentOn
