"""Addresses end with a slash; one without is sent on as it is, so that a POST stays a POST with its body."""

from django.http import HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware


class SentOn(HttpResponsePermanentRedirect):
    """308: with 301 many programs ask again with GET, and take the list that answers for what they made (RFC 9110, 15.4.9)."""

    status_code = 308


class SlashMiddleware(CommonMiddleware):
    """Django's own, which redirects by SentOn."""

    response_redirect_class = SentOn
