"""Worker tasks for accounts: idempotent and safe to kill at any point, since the next run posts any missing entries."""

from celery import shared_task
from django.utils import timezone

from billing.bonus import partners_due, post_bonus
from engine.time_slices import run_in_slices
from policies.models import PolicyValue


@shared_task
def post_bonuses():
    """Post monthly bonus increases and withdrawals (BIL-7), each partner with missing entries in a separate transaction."""
    now = timezone.now()
    book = PolicyValue.objects.book(on=now.date())
    run_in_slices(
        lambda partner_id: post_bonus(partner_id, book=book, at=now), partners_due(book=book, today=now.date()), task=post_bonuses
    )
