"""Celery tasks for webhooks: safe to run twice and concurrently."""

import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from engine import hints
from engine.in_turn import WORKING_SECONDS, in_turn
from partners.forgetting import forget
from webhooks import calling
from webhooks.models import WebhookCall

ALONE = 15  # seconds; longer than the task's working time plus one slow response
KEPT = timedelta(days=30)  # to find out why a call failed; the tickets keep the events


@shared_task
def call():
    """Find and make the calls that are due, one task at a time, so that slow receivers occupy at most one process of the worker."""
    if not hints.first("webhooks", ALONE):
        return
    try:
        end = time.monotonic() + WORKING_SECONDS
        while calling.find(at=timezone.now()) and time.monotonic() < end:
            pass
        in_turn(_call, calling.waiting(at=timezone.now()), task=call)
    finally:
        hints.over("webhooks")


def _call(webhook):
    end = time.monotonic() + WORKING_SECONDS
    while calling.make_next(webhook, at=timezone.now()) and time.monotonic() < end:
        pass


@shared_task
def forget_calls():
    """Delete calls after a month."""
    forget(WebhookCall.objects.filter(made_at__lt=timezone.now() - KEPT))
