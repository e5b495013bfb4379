"""Bonus credits of the demo (BIL-7), posted as the worker would have posted them: on the first day after each month."""

import datetime

from dateutil.relativedelta import relativedelta as span

from billing.bonus import partners_due, post_bonus
from estate.demo.invoices import FIRST_MONTH, RESULTS
from policies.models import PolicyValue

HOUR = datetime.time(3, tzinfo=datetime.UTC)


def post():
    """Post what each month's end owed the partners and what they lost again later; skip what is already posted."""
    for months in range(1, max(map(len, RESULTS.values())) + 1):
        day = FIRST_MONTH + span(months=months)
        book = PolicyValue.objects.book(on=day)
        for partner in list(partners_due(book=book, today=day)):
            post_bonus(partner, book=book, at=datetime.datetime.combine(day, HOUR))
