"""Long work of the worker: thing by thing, for two seconds at a time, and one that fails keeps no other waiting."""

import logging
import random
import time

from django.db import OperationalError

log = logging.getLogger(__name__)
WORKING_SECONDS = 2  # then it gives its place of the worker back, and goes on behind what else there is (decision 0168)


def in_turn(work, keys, *, task):
    """Call work(key) for each of the keys, in any order; what takes longer than its time is gone on with by the Celery `task`.

    An error is logged, and the key has its turn again when the task is next due. Raises what an absent database raises.
    """
    keys, done = list(keys), 0
    random.shuffle(keys)  # one that kills its worker must not keep the same others waiting every time
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
            log.exception("%s of %s failed (%s); it is tried again.", task.name, key, type(error).__name__)
