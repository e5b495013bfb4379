"""The worker's tasks. Each reads the clock, calls a service, and is safe to run twice."""

import logging
import random
import time
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from engine.absent import is_away
from engine.in_turn import WORKING_SECONDS
from engine.mail_server import MailServer, is_silent
from partners.forgetting import forget
from tickets.models import IdempotencyRecord
from tickets.services import attention, closing, delivery, execution, mailing, overtaken, previews, reminders, service_level, usage_reports

log = logging.getLogger(__name__)
GATHERING_SECONDS = 0.1  # in a rush, one look then finds ten mails instead of one (decision 0168)
HELD_SECONDS = 1, 2, 4  # who holds what is to be changed mostly has done in a moment; an import is left to the sweep
SLICES = 50  # of a long list at a time, so that a task ends well before its limit


@shared_task
def execute(number, times_held=0):
    """Carry out a ticket whose execution was asked for; soon again where somebody holds what it is about."""
    try:
        if execution.execute(number, at=timezone.now()) and times_held < len(HELD_SECONDS):
            delivery.tell_queue("tickets.tasks.execute", number, times_held + 1, countdown=HELD_SECONDS[times_held])
    except Exception as error:  # whatever it is, the ticket must not be lost: it is counted, and tried again by the sweep
        execution.note_failure(number, error, at=timezone.now())


@shared_task
def deliver():
    """Post the charges and send the mails that are owed, knocked for or not; a posting that fails keeps nothing else waiting."""
    if not deliver.request.called_directly:
        time.sleep(GATHERING_SECONDS)
    delivery.heard()
    charges, mails = delivery.owed(at=timezone.now())
    random.shuffle(charges)  # one that kills its worker must not keep the same others waiting every time
    end = time.monotonic() + WORKING_SECONDS
    with MailServer() as server:

        def send(pk, *, at):
            if not is_silent():
                mailing.send(pk, at=at, server=server)

        works = [(delivery.post_charges, number) for number in charges] + [(send, pk) for pk in mails]
        for work, key in works:
            if time.monotonic() > end:
                delivery.knock()
                break
            try:
                work(key, at=timezone.now())
            except Exception as error:
                if is_away(error):
                    raise
                log.exception("%s of %s failed (%s); it is tried again.", work.__name__, key, type(error).__name__)


@shared_task
def preview(pk):
    """Draw what an attachment looks like."""
    previews.make(pk)


@shared_task
def sweep():
    """Tell the queue again about executions and previews that it has lost, and tickets about mails that cannot be sent."""
    before = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)
    # What is held for so long is tried once: beside a long import, tickets that wait for it shall not fill the worker.
    for number in delivery.to_execute(before=before):
        execute.apply_async((number, len(HELD_SECONDS)), expires=settings.FORGET_SECONDS)
    for pk in previews.owed(before=before):
        preview.apply_async((pk,), expires=settings.FORGET_SECONDS)
    mailing.give_up(at=timezone.now())


@shared_task
def remind():
    """Remind partners of portings that are near, and report the usage of a month; hourly, so that a night without a worker loses none."""
    reminders.remind_of_portings(at=timezone.now())
    usage_reports.tell_usage(at=timezone.now())


@shared_task
def clocks():
    """Work out again what older service level values gave, and mark what is overdue; the rest of a long list next minute."""
    for work in (service_level.rework, service_level.mark_late):
        for _slice in range(SLICES):
            if not work(at=timezone.now()):
                break


@shared_task
def close():
    """Close what has been solved long enough; the rest of a long list next time."""
    for _slice in range(SLICES):
        if not closing.close_solved(at=timezone.now()):
            break


@shared_task
def forget_forms():
    """Forget what pages' forms have done (config/sent_once.py) after a week, when nobody has their pages any more; keys of the API stay.

    By the status, which leads on for forms alone and has an index of them: all that the API has ever answered stays unread.
    """
    before = timezone.now() - timedelta(days=7)
    forget(IdempotencyRecord.objects.filter(created_at__lt=before, status__gte=300, status__lt=400))


@shared_task
def heartbeat():
    """Show that scheduler, queue and worker are alive: the health page reads when this last ran."""
    attention.beat(at=timezone.now())


@shared_task
def watch():
    """Look for what stands still, and tell administrators of what lasts; what waits in vain goes to the care team."""
    attention.watch(at=timezone.now())
    overtaken.look(at=timezone.now())
