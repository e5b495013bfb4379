"""The desk's tasks for the worker. Each reads the clock, makes one service call, and is safe to run twice."""

from celery import shared_task
from django.utils import timezone

from desk.services import assignment, breaches


@shared_task(ignore_result=True)
def give_out():
    """Give new tickets to agents in turn."""
    assignment.give_out(at=timezone.now())


@shared_task(ignore_result=True)
def warn():
    """Tell about tickets that are late soon."""
    breaches.warn(at=timezone.now())
