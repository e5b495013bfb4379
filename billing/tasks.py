"""The worker's tasks about accounts; safe to run twice and to be killed anywhere: the next run posts what is missing."""

from celery import shared_task
from django.utils import timezone

from billing.bonus import owing, post_bonus
from policies.models import PolicyValue


@shared_task
def post_bonuses():
    """Post the monthly bonus increases and their withdrawals (BIL-7), each partner that lacks any in a transaction of its own."""
    now = timezone.now()
    book = PolicyValue.objects.book(on=now.date())
    for partner_id in owing(book=book, today=now.date()):
        post_bonus(partner_id, book=book, at=now)
