"""Hints: what is kept in Redis for moments only. A script is one question; while Redis is away nothing is known, and all goes on."""

import logging
import time
from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
REST = 5  # seconds without asking a Redis that did not answer
_rested_until: dict[str, float] = {}


def ask(script, key, *values):
    """What the Lua script answers about the key (KEYS[1]) with these values (ARGV); None while Redis is away."""
    url = settings.REDIS_URL
    if time.monotonic() < _rested_until.get(url, 0):
        return None
    try:
        return _client(url).eval(script, 1, f"{settings.REDIS_PREFIX}{key}", *values)
    except Exception as error:  # redis-py has its own, the socket too
        _rested_until[url] = time.monotonic() + REST
        log.warning("Redis does not tell of %s: %s.", key.partition(":")[0], type(error).__name__)
        return None


def first(key, seconds):
    """Whether nobody has said this of the key, unless it is over or that many seconds ago; of no Redis nobody knows, so it is True."""
    return ask("if redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1]) then return 1 end return 0", key, seconds) != 0


def over(key):
    """What was said of the key does not hold any more."""
    ask("return redis.call('DEL', KEYS[1])", key)


@cache
def _client(url):
    # A page must not wait for a Redis that is away.
    return Redis.from_url(url, socket_connect_timeout=0.2, socket_timeout=0.2, retry=Retry(NoBackoff(), 0))
