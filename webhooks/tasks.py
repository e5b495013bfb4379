"""Celery tasks for webhooks: safe to run twice and concurrently."""

import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from engine import hints
from engine.time_slices import WORKING_SECONDS, run_in_slices
from partners.retention import purge
from webhooks import deliveries
from webhooks.models import WebhookCall

ALONE = 15  # seconds; longer than the task's working time plus one slow response
KEPT = timedelta(days=30)  # to find out why a call failed; the tickets keep the events


@shared_task
def call():
    """Find and make the calls that are due, one task at a time, so that slow receivers occupy at most one process of the worker."""
    if not hints.claim("webhooks", ALONE):
        return
    try:
        end = time.monotonic() + WORKING_SECONDS
        while deliveries.collect_calls(at=timezone.now()) and time.monotonic() < end:
            pass
        run_in_slices(_call, deliveries.due_webhooks(at=timezone.now()), task=call)
    finally:
        hints.release("webhooks")


def _call(webhook):
    end = time.monotonic() + WORKING_SECONDS
    while deliveries.deliver_next(webhook, at=timezone.now()) and time.monotonic() < end:
        pass


@shared_task
def forget_calls():
    """Delete calls after a month."""
    purge(WebhookCall.objects.filter(made_at__lt=timezone.now() - KEPT))
