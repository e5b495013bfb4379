"""Limits on the API calls of one caller per minute. While Redis is unavailable nobody is limited: the API must keep working."""

import time

from django.conf import settings
from rest_framework.throttling import BaseThrottle

from config.access_log import client_address
from engine import hints

WINDOW = 60  # seconds
COUNT = "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end return n"


class PerMinute(BaseThrottle):
    """Counts the calls of one caller in the current minute."""

    def allow_request(self, request, view):
        caller, most = self.limit(request)
        now = time.time()
        self.window, self.left = int(now // WINDOW), WINDOW - now % WINDOW
        return caller is None or self.count(caller) <= most

    def limit(self, request):
        """Return (caller, calls per minute); without a caller this throttle does not apply."""
        raise NotImplementedError

    def count(self, caller):
        """Return the caller's number of calls including this one, or 0 if unknown."""
        return hints.evaluate(COUNT, f"calls:{caller}:{self.window}", 2 * WINDOW) or 0

    def wait(self):
        return self.left


class PerUser(PerMinute):
    """For calls with a token or a session."""

    def limit(self, request):
        return (request.user.pk, settings.API_CALLS_PER_MINUTE) if request.user.is_authenticated else (None, 0)


class PerAddress(PerMinute):
    """For calls without a token, which only get the API description and the health check."""

    def limit(self, request):
        address = client_address(request.META)
        return (None, 0) if request.user.is_authenticated else (address, settings.API_ANONYMOUS_CALLS_PER_MINUTE)
