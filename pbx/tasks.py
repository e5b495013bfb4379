"""The worker's tasks about PBXs. Each reads the clock, and is safe to run twice and to be killed anywhere."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from engine.in_turn import in_turn
from pbx import services


@shared_task
def renew_commitments():
    """Start the Commitments that follow those whose free day is over (COM-6), each in a transaction of its own.

    What is due is read from the database, so days without a worker are caught up.
    """
    today = timezone.now().date()

    @transaction.atomic
    def renew(pbx_id):
        services.renew_commitment(pbx_id, today=today)

    in_turn(renew, services.due_renewals(today=today), task=renew_commitments)
