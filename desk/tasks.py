"""The desk's tasks for the worker. Each reads the clock, makes one service call, and is safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from desk.services import drafts, following


@shared_task(ignore_result=True)
def send_draft(pk):
    """Send one reply whose time to take it back is over."""
    drafts.deliver(pk, at=timezone.now())


@shared_task(ignore_result=True)
def send_drafts():
    """Tell the queue again about replies that it has lost."""
    for pk in drafts.due(at=timezone.now()):
        send_draft.apply_async((pk,), expires=settings.FORGET_SECONDS)


@shared_task(ignore_result=True)
def tell_followers():
    """Tell staff of what was said on the tickets they follow."""
    following.tell(at=timezone.now())
