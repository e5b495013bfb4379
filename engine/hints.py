"""Hints: short-lived values in Redis that nothing depends on, such as presence, progress and throttling counters.

Each access is one Lua script. While Redis is unavailable it yields None at once, and callers continue without the hint.
"""

import logging
import time
from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
REST = 5  # seconds without a further attempt after a failure
_rested_until: dict[str, float] = {}


def evaluate(script, key, *values):
    """Return the result of a Lua script for the key (KEYS[1]) and values (ARGV), or None while Redis is unavailable."""
    url = settings.REDIS_URL
    if time.monotonic() < _rested_until.get(url, 0):
        return None
    try:
        return _client(url).eval(script, 1, f"{settings.REDIS_PREFIX}{key}", *values)
    except Exception as error:  # redis-py and sockets raise their own
        _rested_until[url] = time.monotonic() + REST
        log.warning("No hint from Redis about %s: %s.", key.partition(":")[0], type(error).__name__)
        return None


def claim(key, seconds):
    """Claim the key for so many seconds. Return False if it is already claimed, else True, also while Redis is unavailable."""
    return evaluate("if redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1]) then return 1 end return 0", key, seconds) != 0


def release(key):
    """Release the key taken by `claim`."""
    evaluate("return redis.call('DEL', KEYS[1])", key)


@cache
def _client(url):
    # Fail fast: a page must not wait for an unavailable Redis.
    return Redis.from_url(url, socket_connect_timeout=0.2, socket_timeout=0.2, retry=Retry(NoBackoff(), 0))
