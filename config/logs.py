"""Logging in addition to gunicorn's access log and errors: sign-ins and refused sign-ins (partners/sign_in_log.py), with timestamps."""

import logging

from kombu.exceptions import OperationalError as QueueError
from redis.exceptions import RedisError

from engine.outages import is_unavailable


class InALine(logging.Filter):
    """Logs an unavailable database or queue in one line: every task fails then, and tracebacks would be irrelevant."""

    def filter(self, record):
        error = record.exc_info and record.exc_info[1]
        if error and (is_unavailable(error) or isinstance(error, RedisError | QueueError | ConnectionError)):
            record.exc_info = record.exc_text = None
        return True


# Celery's loggers of tasks, of a worker that stops because the queue is unavailable, and of one that reconnects to it.
_OF_CELERY = ("celery.app.trace", "celery.worker", "celery.worker.consumer.consumer")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"timed": {"format": "[%(asctime)s] %(name)s %(message)s"}},
    "filters": {"in_a_line": {"()": InALine}},
    "handlers": {"timed": {"class": "logging.StreamHandler", "formatter": "timed"}},
    "loggers": {
        "careline.sign_in": {"handlers": ["timed"], "level": "INFO"},
        **{name: {"filters": ["in_a_line"]} for name in _OF_CELERY},
    },
}
