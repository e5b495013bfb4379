"""Worker task for sessions; idempotent and safe to kill."""

from celery import shared_task
from django.utils import timezone

from partners import sessions
from partners.forgetting import forget


@shared_task
def forget_sessions():
    """Delete expired sessions, including those of sign-ins that were never completed."""
    forget(sessions.Session.objects.filter(sessions.over(timezone.now())))
