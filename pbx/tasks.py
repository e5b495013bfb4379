"""Worker tasks for PBXs. Each reads the clock, is idempotent and can be killed at any point."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from engine.time_slices import run_in_slices
from pbx import services


@shared_task
def renew_commitments():
    """Renew the Commitments whose free day has passed (COM-6), each in a separate transaction.

    Due renewals are read from the database, so days without a worker are caught up on.
    """
    today = timezone.now().date()

    @transaction.atomic
    def renew(pbx_id):
        services.renew_commitment(pbx_id, today=today)

    run_in_slices(renew, services.due_renewals(today=today), task=renew_commitments)
