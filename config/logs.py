"""What is logged beside gunicorn's requests and what goes wrong: who came in and who was kept out (partners/door_log.py), with the time."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"timed": {"format": "[%(asctime)s] %(name)s %(message)s"}},
    "handlers": {"timed": {"class": "logging.StreamHandler", "formatter": "timed"}},
    "loggers": {"careline.door": {"handlers": ["timed"], "level": "INFO"}},
}
