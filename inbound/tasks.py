"""The worker's task: safe to run twice, and beside itself."""

import logging
import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from inbound.models import InboundMail
from inbound.sources import mails
from inbound.taking import take
from partners.forgetting import forget
from tickets.models import Trouble
from tickets.services import attention
from tickets.tasks import WORKING_SECONDS

log = logging.getLogger(__name__)
FOR_PEOPLE = (InboundMail.Outcome.UNKNOWN, InboundMail.Outcome.TOO_MANY, InboundMail.Outcome.UNREADABLE)
KEPT = timedelta(days=90)  # what is no answer of a reader of ours: somebody may ask for it that long


@shared_task
def take_in():
    """Take in the mails that have come."""
    end = time.monotonic() + WORKING_SECONDS
    try:
        for raw, put_away in mails():
            if outcome := take(raw, at=timezone.now()):
                put_away(for_people=outcome in FOR_PEOPLE)
            if time.monotonic() > end:
                break
    except Exception as error:  # imaplib has its own, the socket and TLS too
        log.warning("The mailbox could not be read (%s: %s); it is tried again.", type(error).__name__, error)
        attention.begun(Trouble.Kind.MAILBOX, since=timezone.now(), detail=f"{type(error).__name__}: {error}")
    else:
        attention.over(Trouble.Kind.MAILBOX, at=timezone.now())


@shared_task
def forget_mails():
    """Forget mails that were never on a ticket, after a while."""
    forget(InboundMail.objects.filter(ticket=None, received_at__lt=timezone.now() - KEPT))
