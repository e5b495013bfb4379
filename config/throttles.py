"""How many calls of the API one caller may make a minute. While Redis is away nobody is limited: the API has to work."""

import logging
import time

from django.conf import settings
from django.core.cache import caches
from rest_framework.throttling import BaseThrottle

log = logging.getLogger(__name__)
WINDOW = 60  # seconds
REST = 5  # seconds without asking a Redis that did not answer


class PerMinute(BaseThrottle):
    """Counts the calls of one caller in the present minute."""

    rested_until = 0.0

    def allow_request(self, request, view):
        caller, most = self.limit(request)
        now = time.time()
        self.window, self.left = int(now // WINDOW), WINDOW - now % WINDOW
        return caller is None or self.count(caller, now) <= most

    def limit(self, request):
        """(caller, calls a minute); no caller is not limited by this throttle."""
        raise NotImplementedError

    def count(self, caller, now):
        """How many calls this one makes it, 0 when that cannot be told."""
        if now < PerMinute.rested_until:
            return 0
        key = f"calls:{caller}:{self.window}"
        try:
            caches["redis"].add(key, 0, timeout=2 * WINDOW)
            return caches["redis"].incr(key)
        except Exception as error:  # redis-py has its own, the socket too; a key can expire in between
            PerMinute.rested_until = now + REST
            log.warning("Calls are not counted: %s.", type(error).__name__)
            return 0

    def wait(self):
        return self.left


class PerUser(PerMinute):
    """For calls with a token or a session."""

    def limit(self, request):
        return (request.user.pk, settings.API_CALLS_PER_MINUTE) if request.user.is_authenticated else (None, 0)


class PerAddress(PerMinute):
    """For calls without a token, which only get the description and the health."""

    def limit(self, request):
        address = request.META.get("REMOTE_ADDR", "")
        return (None, 0) if request.user.is_authenticated else (address, settings.API_ANONYMOUS_CALLS_PER_MINUTE)
