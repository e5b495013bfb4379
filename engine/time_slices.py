"""Long work in the worker: item by item, in rounds of two seconds, where a failing item does not block the others."""

import logging
import random
import time

from django.db import OperationalError

log = logging.getLogger(__name__)
WORKING_SECONDS = 2  # then the task makes room for others and is queued again (decision 0168)


def run_in_slices(work, keys, *, task):
    """Call work(key) for each of the keys, in random order; when the time is up, queue the Celery `task` to do the rest.

    An error is logged, and its key is tried again when the task next runs. Errors of an unavailable database are raised.
    """
    keys, done = list(keys), 0
    random.shuffle(keys)  # so that an item that kills its worker does not always block the same others
    end = time.monotonic() + WORKING_SECONDS
    for key in keys:
        if time.monotonic() > end:
            if done:
                task.apply_async(expires=3600, retry=False)
            break
        try:
            work(key)
            done += 1
        except OperationalError:
            raise
        except Exception as error:
            log.exception("%s of %s failed (%s). Will try again.", task.name, key, type(error).__name__)
