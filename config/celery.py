"""The Celery application, the entry point of workers and scheduler."""

import os
import sys
from pathlib import Path

from celery import Celery
from celery.signals import celeryd_init, worker_init

from config import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("careline")
# Celery puts the working directory there as if it were the project; its files would be imported in place of ours.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def _begin_worker(**_more):
    from django.conf import settings

    from config.database import OF_TASKS, limit

    limit(settings.DATABASES["default"], OF_TASKS)
    loading.begin()


@worker_init.connect
def _is_loaded(**_more):
    loading.end()
