"""Expensive fixtures are built once for many tests: their rows are in an open transaction, each test in a savepoint of it."""

import pickle

from django.db import transaction


class Stage:
    """The contents of this process's open transaction, if any: the play and its people."""

    def __init__(self):
        self.play = self.atomic = self.kept = None

    def set_for(self, play, build):
        """Make sure that the result of `build` is in place, and nothing else; two plays of the same name are the same."""
        if self.play != play:
            self.clear()
            self.atomic = transaction.atomic()
            self.atomic._from_testcase = True  # so that transactions that want to be the outermost one may begin inside
            self.atomic.__enter__()
            self.play, self.kept = play, pickle.dumps(build())

    def clear(self):
        """Remove everything."""
        if self.play:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
        self.play = self.atomic = self.kept = None

    def people(self):
        """Return all people and objects, as objects that no other test has; None if the stage is empty."""
        return self.kept and pickle.loads(self.kept)  # noqa: S301 - our own


STAGE = Stage()


def uses_stage(item):
    """Return whether a test requests the cast, and may have it in an open transaction."""
    marker, names = item.get_closest_marker("django_db"), item.fixturenames
    transactional = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in names or "live_server" in names
    return "cast" in names and not transactional
