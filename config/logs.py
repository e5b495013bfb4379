"""What is logged beside gunicorn's requests and what goes wrong: who came in and who was kept out (partners/door_log.py), with the time."""

import logging

from kombu.exceptions import OperationalError as QueueError
from redis.exceptions import RedisError

from engine.absent import is_away


class InALine(logging.Filter):
    """That database or queue is away is said without a traceback: every task comes by it while it lasts, and where says nothing."""

    def filter(self, record):
        error = record.exc_info and record.exc_info[1]
        if error and (is_away(error) or isinstance(error, RedisError | QueueError | ConnectionError)):
            record.exc_info = record.exc_text = None
        return True


# Celery's: of tasks, of the worker that ends over a queue which takes nothing, and of the one that looks for its queue.
_OF_CELERY = ("celery.app.trace", "celery.worker", "celery.worker.consumer.consumer")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"timed": {"format": "[%(asctime)s] %(name)s %(message)s"}},
    "filters": {"in_a_line": {"()": InALine}},
    "handlers": {"timed": {"class": "logging.StreamHandler", "formatter": "timed"}},
    "loggers": {
        "careline.door": {"handlers": ["timed"], "level": "INFO"},
        **{name: {"filters": ["in_a_line"]} for name in _OF_CELERY},
    },
}
