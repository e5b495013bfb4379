"""Macros: several actions under one name, performed on one ticket right away or on many by a job (services.bulk)."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from desk.models import BulkChange, BulkJob
from desk.services import action_runner
from tickets.services.lifecycle import NotNow

UNDO = timedelta(minutes=10)


@transaction.atomic
def apply(macro, number, *, by, at):
    """Perform the whole macro on one ticket, or nothing. Return the job that keeps the previous state. Raise NotNow, ValidationError."""
    job = BulkJob.objects.create(
        title=macro.title,
        by=by,
        actions=macro.actions,
        state=BulkJob.State.DONE,
        total=1,
        done=1,
        created_at=at,
        moved_at=at,
        finished_at=at,
    )
    before, after = action_runner.perform(number, macro.actions, actor=by, at=at, job=job.pk)
    BulkChange.objects.create(job=job, ticket_id=number, before=before, after=after, done_at=at)
    return job


def undoable(job, *, at):
    """Return whether a macro on one ticket can still be undone: for ten minutes, and only if it changed anything but messages."""
    return job.state == BulkJob.State.DONE and at - job.created_at < UNDO and bool(job.changes.get().before)


@transaction.atomic
def undo(pk, number, *, by, at):
    """Undo the macro on this ticket. Return the keys of traits that were left because they have changed since. Raise NotNow."""
    job = BulkJob.objects.select_for_update().filter(pk=pk, by=by, total=1, changes__ticket=number).first()
    if job is None or not undoable(job, at=at):
        raise NotNow(_("This can no longer be undone."))
    change = job.changes.get()
    left = action_runner.undo(number, change.before, change.after, actor=by, at=at, job=job.pk)
    job.state, job.finished_at = BulkJob.State.UNDONE, at
    job.save(update_fields=["state", "finished_at"])
    change.undone_at = at
    change.save(update_fields=["undone_at"])
    return left
