"""Celery tasks of the desk. Each reads the clock, makes one service call, and is safe to run twice."""

import time
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from desk.models import Notice, Rehearsal, RehearsedRequest
from desk.services import (
    automations,
    drafts,
    expired_links,
    follower_notices,
    owners,
    proposal_emails,
    rehearsal,
    round_robin,
    sla_warnings,
    snooze_wakeups,
)
from desk.services import bulk as bulk_jobs
from engine.time_slices import WORKING_SECONDS
from partners.retention import purge
from tickets.tasks import SLICES

KEPT = timedelta(days=365)  # for notices; longer than any look back for recent news, which would otherwise notify again


@shared_task
def bulk(pk):
    """Continue a bulk change."""
    _continue(bulk, bulk_jobs, pk)


@shared_task
def rehearse(pk):
    """Continue a trial of a policy value on past requests."""
    _continue(rehearse, rehearsal, pk)


def _continue(task, service, pk):
    """Work slice by slice until this task's time in the worker is up, then queue the task again behind the others."""
    end = time.monotonic() + WORKING_SECONDS
    while service.work(pk, at=timezone.now()):
        if time.monotonic() > end:
            task.apply_async((pk,), expires=settings.FORGET_SECONDS)
            return


@shared_task
def sweep():
    """Queue stalled jobs again, wake snoozed tickets, release those of owners who have left, and send e-mails about proposals.

    The rest of a long list waits for the next sweep.
    """
    before = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)
    for task, service in ((bulk, bulk_jobs), (rehearse, rehearsal)):
        for pk in service.stalled(before=before):
            task.apply_async((pk,), expires=settings.FORGET_SECONDS)
    for work in (snooze_wakeups.wake_due, owners.release):
        for _slice in range(SLICES):
            if not work(at=timezone.now()):
                break
    proposal_emails.notify(at=timezone.now())


@shared_task
def automate():
    """Read new events and run the automations that they trigger."""
    end = time.monotonic() + WORKING_SECONDS
    while automations.read_events(at=timezone.now()) and time.monotonic() < end:
        pass
    _run_automations()


@shared_task
def automate_by_time():
    """Run automations on tickets whose time has come."""
    automations.find_due(at=timezone.now())
    _run_automations()


def _run_automations():
    """Carry out pending runs, including those of a worker that died; what is not reached is done at the next beat."""
    end = time.monotonic() + WORKING_SECONDS
    for pk in automations.to_do():
        if time.monotonic() < end:
            automations.run(pk, at=timezone.now())


@shared_task
def send_draft(pk):
    """Send one reply whose undo period has ended."""
    drafts.deliver(pk, at=timezone.now())


@shared_task
def send_drafts():
    """Queue replies again that the queue has lost."""
    for pk in drafts.due(at=timezone.now()):
        send_draft.apply_async((pk,), expires=settings.FORGET_SECONDS)


@shared_task
def tell_followers():
    """Notify staff of messages on the tickets they follow."""
    follower_notices.notify_followers(at=timezone.now())


@shared_task
def give_out():
    """Assign new tickets to agents in turn."""
    round_robin.assign_new(at=timezone.now())


@shared_task
def warn():
    """Warn about tickets that are due soon, and about links that nobody has answered."""
    sla_warnings.warn(at=timezone.now())
    expired_links.notify(at=timezone.now())


@shared_task
def forget_notices():
    """Delete notices and rehearsals after a year: the tickets and the added values keep the facts."""
    before = timezone.now() - KEPT
    purge(Notice.objects.filter(at__lt=before))
    purge(RehearsedRequest.objects.filter(rehearsal__asked_at__lt=before))
    purge(Rehearsal.objects.filter(asked_at__lt=before))
