"""Celery tasks for imports. Each reads the clock, makes a service call or two, and is safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from estate import runs

HOUR = 3600  # seconds: time limit of an import in the worker; larger ones need the command line


@shared_task(name=runs.TASK, soft_time_limit=HOUR, time_limit=HOUR + 60)
def carry_out(pk):
    """Rehearse or import the files of a run."""
    runs.carry_out(pk, now=timezone.now)


@shared_task
def sweep():
    """Mark interrupted runs, and queue waiting ones again."""
    runs.mark_interrupted(at=timezone.now())
    for pk in runs.waiting():
        carry_out.apply_async((pk,), expires=settings.FORGET_SECONDS)


@shared_task
def forget_files():
    """Delete uploaded files that nobody has imported in time."""
    runs.forget_files(at=timezone.now())
