"""The bonus increase (BIL-7). Pure: monthly results, agreed terms, dated values and a day in; the state of each month out."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from billing.amounts import round_to_cent

RUNNING, BELOW, CREDITED, WITHDRAWN, DROPPED, ENDED, KEPT = "running", "below", "credited", "withdrawn", "dropped", "ended", "kept"


class Result(NamedTuple):
    """A partner's result for one month, identified by its first day."""

    month: datetime.date
    amount: Decimal


class Terms(NamedTuple):
    """The terms agreed with a partner; None stands for the policy value."""

    target: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True)
class Month:
    """The outcome of a month: its `credit` (0 for none) and its `state`.

    running: the month has not ended. below: the target has not been reached so far. credited: unless a later month falls
    below. withdrawn: credited at first, but withdrawn because of a later month below target. dropped: that month. ended:
    after a drop, or too late to start. kept: the target was met, but months are no longer credited.
    """

    month: datetime.date
    result: Decimal
    target: Decimal
    state: str
    credit: Decimal = Decimal(0)
    programme: datetime.date | None = None  # the first day of the programme in which it counts


def bonus_months(results, terms, *, book, today):
    """Return every month of a programme that has a result, in order (BIL-7). Policy values are those of each month's first day.

    From the first month that reaches the target, each month is credited until the programme's last credit month. The first later
    month below the target, until the end of the watch period, withdraws all credits and ends the increase for this programme.
    """
    known = sorted(result for result in results if _programme(result.month, book))
    months = []
    for start, own in groupby(known, key=lambda result: _programme(result.month, book)):
        months += [replace(month, programme=start) for month in _judged(own, terms, book, today)]
    return months


def _programme(month, book):
    """Return the first day of the programme a month belongs to; None if it belongs to none."""
    values = book.at(month)
    start = values.value("bonus.programme_starts_on")
    return start if start <= month <= values.value("bonus.watched_until") else None


def _judged(results, terms, book, today):
    months, has_begun = [], False
    for result in results:
        month = _month(result, terms, book)
        if today < result.month + relativedelta(months=1):
            month = replace(month, state=RUNNING, credit=Decimal(0))
        elif any(earlier.state == DROPPED for earlier in months):
            month = replace(month, state=ENDED, credit=Decimal(0))
        elif result.amount >= month.target and (has_begun or month.state == CREDITED):
            has_begun = True
        elif has_begun:
            taken = [replace(m, state=WITHDRAWN) if m.state == CREDITED else m for m in months]
            months, month = taken, replace(month, state=DROPPED, credit=Decimal(0))
        else:
            month = replace(month, state=ENDED if result.amount >= month.target else BELOW, credit=Decimal(0))
        months.append(month)
    return months


def _month(result, terms, book):
    """Return the month as it would be credited by the terms and the policy values of its first day."""
    values = book.at(result.month)
    target = values.value("bonus.target") if terms.target is None else terms.target
    rate = values.value("bonus.rate") if terms.rate is None else terms.rate
    if result.month > values.value("bonus.last_credit_on"):
        return Month(result.month, result.amount, target, KEPT)
    credit = round_to_cent(result.amount * rate / 100)
    return Month(result.month, result.amount, target, CREDITED, credit)
