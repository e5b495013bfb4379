"""The desk's tasks for the worker. Each reads the clock, makes one service call, and is safe to run twice."""

import time
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from desk.services import bulk as bulk_jobs

WORKING_SECONDS = 40  # then a place of the worker is given back, and the job told again


@shared_task(ignore_result=True)
def bulk(pk):
    """Get on with a job of many changes."""
    end = time.monotonic() + WORKING_SECONDS
    while bulk_jobs.work(pk, at=timezone.now()):
        if time.monotonic() > end:
            bulk.apply_async((pk,), expires=settings.FORGET_SECONDS)
            return


@shared_task(ignore_result=True)
def sweep():
    """Tell the queue again about what stands still."""
    for pk in bulk_jobs.standing_still(before=timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)):
        bulk.apply_async((pk,), expires=settings.FORGET_SECONDS)
