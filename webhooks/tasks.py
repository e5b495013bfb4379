"""The worker's tasks: safe to run twice, and beside themselves."""

import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from engine import hints
from engine.in_turn import WORKING_SECONDS, in_turn
from partners.forgetting import forget
from webhooks import calling
from webhooks.models import WebhookCall

ALONE = 15  # seconds, longer than its time and one slow answer
KEPT = timedelta(days=30)  # the tickets have what was told; this is for whoever looks why something was not


@shared_task
def call():
    """Find what webhooks are to be told, and tell them; one at a time, so that one place of the worker at most waits for others."""
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
    """Forget after a month what was told."""
    forget(WebhookCall.objects.filter(made_at__lt=timezone.now() - KEPT))
