"""Periodic tasks that fail every time: counted in Redis as each run ends, reported by the watch (tickets/services/monitoring.py)."""

import datetime
from typing import NamedTuple

from engine import hints

KEY = "task-failures"
AGAIN = 2  # failures in a row from which it is a problem; one alone is retried and usually succeeds
KEPT = 2 * 24 * 3600  # seconds; the rarest task runs twice a day
FAILED = """
local counted = redis.call('HGET', KEYS[1], ARGV[1])
local times, since = 0, ARGV[2]
if counted then times, since = string.match(counted, '^(%d+) (%S+)') end
redis.call('HSET', KEYS[1], ARGV[1], (times + 1) .. ' ' .. since .. ' ' .. ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""
SUCCEEDED = "return redis.call('HDEL', KEYS[1], ARGV[1])"


class Failing(NamedTuple):
    """A task that has failed again and again: its name, since when, and the type of the last error."""

    name: str
    since: datetime.datetime
    error: str


def note_failure(name, error, *, at):
    """Count a failed run of this task."""
    hints.evaluate(FAILED, KEY, name, at.isoformat(), type(error).__name__, KEPT)


def note_success(name):
    """Forget the failures of this task."""
    hints.evaluate(SUCCEEDED, KEY, name)


def failing():
    """Return the tasks that keep failing, longest first, or None if that cannot be known at present."""
    counted = hints.evaluate("return redis.call('HGETALL', KEYS[1])", KEY)
    if counted is None:
        return None
    texts = [text.decode() for text in counted]
    found = []
    for name, text in zip(texts[::2], texts[1::2], strict=True):
        times, since, error = text.split(" ", 2)
        if int(times) >= AGAIN:
            found.append(Failing(name, datetime.datetime.fromisoformat(since), error))
    return sorted(found, key=lambda one: one.since)
