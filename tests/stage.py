"""The cast is built once for many tests: its rows stand in a transaction that stays open, and each test plays in a savepoint of it."""

import pickle

from django.db import transaction

from tests.cast import build_cast


class Stage:
    """What stands in the open transaction of this process, if one is open."""

    def __init__(self):
        self.atomic = self.day = self.kept = None

    def set_for(self, today):
        """See to it that the cast of this day, and nothing else, is there."""
        if self.day != today:
            self.clear()
            self.atomic = transaction.atomic()
            self.atomic._from_testcase = True  # so that transactions that want to be the outermost one may begin inside
            self.atomic.__enter__()
            self.day, self.kept = today, pickle.dumps(build_cast(today))

    def clear(self):
        """Nothing is there any more."""
        if self.day:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
        self.atomic = self.day = self.kept = None

    def cast(self):
        """Everybody and everything, as objects that no other test has; None if the stage is empty."""
        return self.kept and pickle.loads(self.kept)  # noqa: S301 - our own


STAGE = Stage()


def plays_on_it(item):
    """Whether a test wants the cast, and may have it in an open transaction."""
    marker, names = item.get_closest_marker("django_db"), item.fixturenames
    transactional = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in names or "live_server" in names
    return "cast" in names and not transactional
