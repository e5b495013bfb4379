"""The worker's tasks. Each passes the current time to a service, and is safe to run twice."""

import logging
import random
import time
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from engine.mail_server import MailServer, is_unresponsive
from engine.outages import is_unavailable
from engine.time_slices import WORKING_SECONDS
from partners.retention import purge
from tickets.models import IdempotencyRecord
from tickets.services import (
    closing,
    execution,
    mailing,
    monitoring,
    obsolete_transfers,
    outbox,
    previews,
    reminders,
    service_level,
    stock_arrivals,
    usage_reports,
)

log = logging.getLogger(__name__)
GATHERING_SECONDS = 0.1  # under load, one query then finds ten e-mails instead of one (decision 0168)
HELD_SECONDS = 1, 2, 4  # locks are usually released within seconds; a long import is left to the sweep
SLICES = 50  # processed per run, so that a task ends well before its time limit


@shared_task
def execute(number, times_held=0):
    """Execute a ticket whose execution was requested; retry soon if somebody holds a lock on it or its assets."""
    try:
        if execution.execute(number, at=timezone.now()) and times_held < len(HELD_SECONDS):
            outbox.send_task("tickets.tasks.execute", number, times_held + 1, countdown=HELD_SECONDS[times_held])
    except Exception as error:  # whatever the error, the ticket must not be lost: the attempt is counted and the sweep retries it
        execution.note_failure(number, error, at=timezone.now())


@shared_task
def deliver():
    """Post all owed charges and send all owed e-mails; a failing posting does not delay the others."""
    if not deliver.request.called_directly:
        time.sleep(GATHERING_SECONDS)
    outbox.acknowledge()
    charges, mails = outbox.pending_deliveries(at=timezone.now())
    random.shuffle(charges)  # one that kills its worker must not block the same ones after it every time
    end = time.monotonic() + WORKING_SECONDS
    with MailServer() as server:

        def send(pk, *, at):
            if not is_unresponsive():
                mailing.send(pk, at=at, server=server)

        works = [(outbox.post_charges, number) for number in charges] + [(send, pk) for pk in mails]
        for work, key in works:
            if time.monotonic() > end:
                outbox.notify_worker()
                break
            try:
                work(key, at=timezone.now())
            except Exception as error:
                if is_unavailable(error):
                    raise
                log.exception("%s of %s failed (%s); it will be retried.", work.__name__, key, type(error).__name__)


@shared_task
def preview(pk):
    """Make the preview of an attachment."""
    previews.make(pk)


@shared_task
def sweep():
    """Queue lost executions and previews again, and report e-mails that cannot be sent on their tickets."""
    before = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)
    # Tickets locked for this long are tried only once: those waiting for a long import must not occupy the worker.
    for number in outbox.pending_executions(before=before):
        execute.apply_async((number, len(HELD_SECONDS)), expires=settings.FORGET_SECONDS)
    for pk in previews.pending(before=before):
        preview.apply_async((pk,), expires=settings.FORGET_SECONDS)
    mailing.give_up(at=timezone.now())


@shared_task
def remind():
    """Send reminders of what is ahead, and report monthly usage; hourly, so that an outage of the worker loses nothing."""
    for remind_of in (reminders.remind_of_portings, reminders.remind_of_confirmations, reminders.remind_of_tokens):
        remind_of(at=timezone.now())
    usage_reports.tell_usage(at=timezone.now())


@shared_task
def clocks():
    """Recalculate clocks based on older service level values, and mark overdue ones; a long list continues next minute."""
    for work in (service_level.recalculate_stale, service_level.mark_late):
        for _slice in range(SLICES):
            if not work(at=timezone.now()):
                break


@shared_task
def close():
    """Close tickets that have been solved long enough; a long list continues next time."""
    for _slice in range(SLICES):
        if not closing.close_solved(at=timezone.now()):
            break


@shared_task
def forget_forms():
    """Delete records of submitted page forms (config/duplicate_submissions.py) after a week, when their pages are closed; API keys stay.

    Only forms have a redirect status, and an index covers these rows, so API responses are never read.
    """
    before = timezone.now() - timedelta(days=7)
    purge(IdempotencyRecord.objects.filter(created_at__lt=before, status__gte=300, status__lt=400))


@shared_task
def heartbeat():
    """Show that scheduler, queue and worker are alive: the health page reads the time of the last run."""
    monitoring.record_heartbeat(at=timezone.now())


@shared_task
def watch():
    """Look for problems and notify administrators of persistent ones; return tickets that wait for nothing any more to the care team."""
    monitoring.watch(at=timezone.now())
    obsolete_transfers.hand_back_obsolete(at=timezone.now())
    stock_arrivals.hand_back_supplied(at=timezone.now())
