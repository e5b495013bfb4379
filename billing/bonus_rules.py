"""The bonus increase (BIL-7). Pure: monthly results, agreed terms, dated values and a day in; what becomes of each month out."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from billing.amounts import to_the_cent

RUNNING, BELOW, CREDITED, WITHDRAWN, DROPPED, ENDED, KEPT = "running", "below", "credited", "withdrawn", "dropped", "ended", "kept"


class Result(NamedTuple):
    """A partner's result of one month, which is named by its first day."""

    month: datetime.date
    amount: Decimal


class Terms(NamedTuple):
    """What was agreed with a partner; what is None is the policy's."""

    target: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True)
class Month:
    """What becomes of a month: its `credit` (0 for none) and its `state`.

    running: not over yet. below: the target has not been reached so far. credited: as long as nothing falls below.
    withdrawn: credited at first, taken back by a later month that fell below. dropped: that month. ended: after a drop,
    or too late to begin. kept: the target held, but months are not credited any more.
    """

    month: datetime.date
    result: Decimal
    target: Decimal
    state: str
    credit: Decimal = Decimal(0)
    programme: datetime.date | None = None  # the first day of the programme in which it counts


def bonus_months(results, terms, *, book, today):
    """BIL-7: every month of a programme that has a result, in order. Values are those of each month's first day.

    From the first month that reaches the target on, each month is credited until the programme's last one. The first month below
    the target after that, until the end of the watch, takes back what was credited, and ends the increase for this programme.
    """
    known = sorted(result for result in results if _programme(result.month, book))
    months = []
    for start, own in groupby(known, key=lambda result: _programme(result.month, book)):
        months += [replace(month, programme=start) for month in _judged(own, terms, book, today)]
    return months


def _programme(month, book):
    """The first day of the programme in which a month counts; None outside of any."""
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
    """The month as it would be credited, by the terms and the values of its first day."""
    values = book.at(result.month)
    target = values.value("bonus.target") if terms.target is None else terms.target
    rate = values.value("bonus.rate") if terms.rate is None else terms.rate
    if result.month > values.value("bonus.last_credit_on"):
        return Month(result.month, result.amount, target, KEPT)
    credit = to_the_cent(result.amount * rate / 100)
    return Month(result.month, result.amount, target, CREDITED, credit)
