"""What is dear to build stands there for many tests: its rows in a transaction that stays open, each test in a savepoint of it."""

import pickle

from django.db import transaction


class Stage:
    """What stands in the open transaction of this process, if one is open: the play and its people."""

    def __init__(self):
        self.play = self.atomic = self.kept = None

    def set_for(self, play, build):
        """See to it that what `build` makes is there, and nothing else; two plays of one name are the same."""
        if self.play != play:
            self.clear()
            self.atomic = transaction.atomic()
            self.atomic._from_testcase = True  # so that transactions that want to be the outermost one may begin inside
            self.atomic.__enter__()
            self.play, self.kept = play, pickle.dumps(build())

    def clear(self):
        """Nothing is there any more."""
        if self.play:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
        self.play = self.atomic = self.kept = None

    def people(self):
        """Everybody and everything, as objects that no other test has; None if the stage is empty."""
        return self.kept and pickle.loads(self.kept)  # noqa: S301 - our own


STAGE = Stage()


def plays_on_it(item):
    """Whether a test wants the cast, and may have it in an open transaction."""
    marker, names = item.get_closest_marker("django_db"), item.fixturenames
    transactional = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in names or "live_server" in names
    return "cast" in names and not transactional
