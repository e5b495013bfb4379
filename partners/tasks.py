"""Worker task for sessions; idempotent and safe to kill."""

from celery import shared_task
from django.utils import timezone

from partners import sessions
from partners.retention import purge


@shared_task
def forget_sessions():
    """Delete expired sessions, including those of sign-ins that were never completed."""
    purge(sessions.Session.objects.filter(sessions.expired(timezone.now())))
