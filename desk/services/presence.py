"""Who else looks at a ticket, and who is typing: kept in Redis for moments only, and forgotten when Redis is away.

One short entry a ticket holds everybody. Two who look at the same instant may overwrite each other, which the next look mends.
"""

import logging
import time

from django.core.cache import caches

log = logging.getLogger(__name__)
GONE = 12  # seconds without a sign
REST = 5  # seconds without asking a Redis that did not answer
_rested_until = 0.0


def look(number, user, *, typing=False, now=None):
    """Note that this person looks (and types), and return the others: [{id, name, initials, typing}]. Writes no row."""
    global _rested_until
    now = time.time() if now is None else now
    if now < _rested_until:
        return []
    key = f"presence:{number}"
    try:
        there = {k: v for k, v in (caches["redis"].get(key) or {}).items() if now - v["at"] < GONE}
        there[user.pk] = {"id": user.pk, "name": str(user), "initials": user.initials, "typing": typing, "at": now}
        caches["redis"].set(key, there, timeout=GONE)
    except Exception as error:  # redis-py has its own, the socket too
        _rested_until = now + REST
        log.warning("Who else looks is not known: %s.", type(error).__name__)
        return []
    return [{name: value for name, value in one.items() if name != "at"} for pk, one in sorted(there.items()) if pk != user.pk]
