"""The Celery application, the entry point of workers."""

import os
import sys
from pathlib import Path

from celery import Celery
from celery.signals import celeryd_init, task_failure, task_success, worker_init

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


def _is_periodic(task):
    return any(entry["task"] == task.name for entry in app.conf.beat_schedule.values())


@task_failure.connect
def _note_failure(sender, exception, **_more):
    from django.utils import timezone

    from tickets.services import task_failures

    if _is_periodic(sender):
        task_failures.note_failure(sender.name, exception, at=timezone.now())


@task_success.connect
def _note_success(sender, **_more):
    from tickets.services import task_failures

    if _is_periodic(sender):
        task_failures.note_success(sender.name)
