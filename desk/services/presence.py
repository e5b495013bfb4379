"""Who else is viewing a ticket or typing on it: kept in Redis for a few seconds, and unknown while Redis is unavailable."""

import json
import time

from engine import hints

GONE = 12  # seconds without a signal
LOOK = """
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return redis.call('HVALS', KEYS[1])
"""


def look(number, user, *, typing=False, now=None):
    """Record that this person is viewing (and typing); return the others: [{id, name, initials, typing}]. Writes no database row."""
    now = time.time() if now is None else now
    me = {"id": user.pk, "name": str(user), "initials": user.initials, "typing": typing, "at": now}
    there = map(json.loads, hints.evaluate(LOOK, f"presence:{number}", user.pk, json.dumps(me), GONE) or ())
    others = sorted((one for one in there if one["id"] != user.pk and now - one["at"] < GONE), key=lambda one: one["id"])
    return [{name: value for name, value in one.items() if name != "at"} for one in others]
