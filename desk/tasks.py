"""The desk's tasks for the worker. Each reads the clock, makes one service call, and is safe to run twice."""

import time
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from desk.models import Notice, Rehearsal, RehearsedRequest
from desk.services import assignment, automations, breaches, drafts, following, proposals, rehearsal, waking
from desk.services import bulk as bulk_jobs
from engine.in_turn import WORKING_SECONDS
from partners.forgetting import forget
from tickets.tasks import SLICES

KEPT = timedelta(days=365)  # what somebody was told; longer than any look at what happened lately, which would tell it again


@shared_task
def bulk(pk):
    """Get on with a job of many changes."""
    _get_on(bulk, bulk_jobs, pk)


@shared_task
def rehearse(pk):
    """Get on with trying a policy value on past requests."""
    _get_on(rehearse, rehearsal, pk)


def _get_on(task, service, pk):
    """Slice by slice, for as long as a place of the worker is to be kept; then behind what else there is."""
    end = time.monotonic() + WORKING_SECONDS
    while service.work(pk, at=timezone.now()):
        if time.monotonic() > end:
            task.apply_async((pk,), expires=settings.FORGET_SECONDS)
            return


@shared_task
def sweep():
    """Tell the queue again about what stands still, and people of what has woken or waits for them; the rest of a long list next time."""
    before = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)
    for task, service in ((bulk, bulk_jobs), (rehearse, rehearsal)):
        for pk in service.standing_still(before=before):
            task.apply_async((pk,), expires=settings.FORGET_SECONDS)
    for _slice in range(SLICES):
        if not waking.wake_due(at=timezone.now()):
            break
    proposals.tell(at=timezone.now())


@shared_task
def automate():
    """Read what has happened, and do what automations say to it."""
    end = time.monotonic() + WORKING_SECONDS
    while automations.read_events(at=timezone.now()) and time.monotonic() < end:
        pass
    _run_automations()


@shared_task
def automate_by_time():
    """Do what automations say to tickets whose time has come."""
    automations.find_due(at=timezone.now())
    _run_automations()


def _run_automations():
    """What was found, also by a worker that died over it; what is not reached now is done at the next beat."""
    end = time.monotonic() + WORKING_SECONDS
    for pk in automations.to_do():
        if time.monotonic() < end:
            automations.run(pk, at=timezone.now())


@shared_task
def send_draft(pk):
    """Send one reply whose time to take it back is over."""
    drafts.deliver(pk, at=timezone.now())


@shared_task
def send_drafts():
    """Tell the queue again about replies that it has lost."""
    for pk in drafts.due(at=timezone.now()):
        send_draft.apply_async((pk,), expires=settings.FORGET_SECONDS)


@shared_task
def tell_followers():
    """Tell staff of what was said on the tickets they follow."""
    following.tell(at=timezone.now())


@shared_task
def give_out():
    """Give new tickets to agents in turn."""
    assignment.give_out(at=timezone.now())


@shared_task
def warn():
    """Tell about tickets that are late soon."""
    breaches.warn(at=timezone.now())


@shared_task
def forget_notices():
    """Forget what the staff were told a year ago: the tickets have it, and the values that were added."""
    before = timezone.now() - KEPT
    forget(Notice.objects.filter(at__lt=before))
    forget(RehearsedRequest.objects.filter(rehearsal__asked_at__lt=before))
    forget(Rehearsal.objects.filter(asked_at__lt=before))
