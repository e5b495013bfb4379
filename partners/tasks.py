"""The worker's task about sign-ins; safe to run twice and to be killed."""

from celery import shared_task
from django.utils import timezone

from partners import sessions
from partners.forgetting import forget


@shared_task
def forget_sessions():
    """Forget sign-ins that are over, and those that were begun and never completed."""
    forget(sessions.Session.objects.filter(sessions.over(timezone.now())))
