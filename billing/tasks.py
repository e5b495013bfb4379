"""The worker's tasks about accounts; safe to run twice and to be killed anywhere: the next run posts what is missing."""

from celery import shared_task
from django.utils import timezone

from billing.bonus import owing, post_bonus
from engine.in_turn import in_turn
from policies.models import PolicyValue


@shared_task
def post_bonuses():
    """Post the monthly bonus increases and their withdrawals (BIL-7), each partner that lacks any in a transaction of its own."""
    now = timezone.now()
    book = PolicyValue.objects.book(on=now.date())
    in_turn(lambda partner_id: post_bonus(partner_id, book=book, at=now), owing(book=book, today=now.date()), task=post_bonuses)
