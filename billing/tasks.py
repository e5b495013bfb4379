"""The worker's tasks about accounts; safe to run twice and to be killed anywhere: the next run posts what is missing."""

from celery import shared_task
from django.utils import timezone

from billing.bonus import post_bonus
from billing.models import MonthlyResult
from policies.models import PolicyValue


@shared_task
def post_bonuses():
    """Post the monthly bonus increases and their withdrawals (BIL-7), each partner in a transaction of its own."""
    now = timezone.now()
    book = PolicyValue.objects.book(on=now.date())
    for partner_id in MonthlyResult.objects.order_by("partner").values_list("partner", flat=True).distinct():
        post_bonus(partner_id, book=book, at=now)
