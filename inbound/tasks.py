"""Celery tasks for incoming e-mails: safe to run twice and concurrently."""

import logging
import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from inbound.intake import process
from inbound.mailboxes import mails
from inbound.models import InboundMail
from partners.retention import purge
from tickets.models import Trouble
from tickets.services import monitoring
from tickets.tasks import WORKING_SECONDS

log = logging.getLogger(__name__)
FOR_PEOPLE = (InboundMail.Outcome.UNKNOWN, InboundMail.Outcome.TOO_MANY, InboundMail.Outcome.UNREADABLE)
KEPT = timedelta(days=90)  # for e-mails that belong to no ticket: somebody may ask about them


@shared_task
def take_in():
    """Process the e-mails that have arrived."""
    end = time.monotonic() + WORKING_SECONDS
    try:
        for raw, put_away in mails():
            if outcome := process(raw, at=timezone.now()):
                put_away(for_people=outcome in FOR_PEOPLE)
            if time.monotonic() > end:
                break
    except Exception as error:  # imaplib, sockets and TLS raise their own
        log.warning("The mailbox could not be read (%s: %s). Will try again.", type(error).__name__, error)
        monitoring.report(Trouble.Kind.MAILBOX, since=timezone.now(), detail=f"{type(error).__name__}: {error}")
    else:
        monitoring.resolve(Trouble.Kind.MAILBOX, at=timezone.now())


@shared_task
def forget_mails():
    """Delete the records of e-mails that were never added to a ticket, after a while."""
    purge(InboundMail.objects.filter(ticket=None, received_at__lt=timezone.now() - KEPT))
