"""Celery's scheduler, for a queue that takes nothing for a while, and a clock that is put back."""

import logging
from datetime import timedelta

from celery.beat import PersistentScheduler

from engine.one_line import in_a_line

log = logging.getLogger(__name__)
BACK = timedelta(seconds=2)  # less is a clock that is kept right


class Scheduler(PersistentScheduler):
    """Says once that the queue takes nothing, and once that it does again; and counts anew from a clock that was put back."""

    is_heard = True

    def tick(self, *args, **kwargs):
        """One look. Celery would wait, also after a restart, until the clock is again where it was when each task was last due."""
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at - self.app.now() > BACK]
        if ahead:
            log.warning("The clock was put back: what is due by time is counted from now on.")
            for entry in ahead:
                entry.last_run_at = self.app.now()
            self._heap = None
        return super().tick(*args, **kwargs)

    def apply_entry(self, entry, producer=None):
        """Tell the queue of a task that is due. What it does not take is due again next time, and nothing is lost (decision 0040)."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except Exception as error:  # Celery's own around kombu's, redis-py's and the socket's
            if self.is_heard:
                log.warning("The queue takes nothing (%s): tasks are told again when they are next due.", in_a_line(error))
            self.is_heard = False
        else:
            if not self.is_heard:
                log.warning("The queue takes tasks again.")
            self.is_heard = True
