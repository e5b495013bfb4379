"""Rules about HWaaS billing start and discounts (HW-6, HW-7). Pure: facts, dated values and a day in, days and shares out."""

import datetime
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from pbx.models import Pbx
from policies.book import UnknownPolicy
from policies.days import after

TERMS = {Pbx.Term.MONTH: relativedelta(months=1), Pbx.Term.YEAR: relativedelta(years=1), Pbx.Term.FIVE_YEARS: relativedelta(years=5)}


def billing_start(shipped_on, *, book):
    """Return the day from which an HWaaS device shipped on `shipped_on` is billed, by the policy value of that day (HW-6).

    A later value therefore does not change dates already derived. None if no value or calendar covers the day.
    """
    try:
        return after(shipped_on, book.at(shipped_on).value("hwaas.billing_start_days"))
    except (UnknownPolicy, OverflowError, ValueError):
        return None


class Billed(NamedTuple):
    """A group of `count` HWaaS devices in use, of one item code, with the same billing start and PBX renewal."""

    item: str
    name: str
    billing_starts_on: datetime.date
    term: str
    activated_on: datetime.date | None
    expires_on: datetime.date | None
    count: int


@dataclass(frozen=True)
class Share:
    """`count` devices discounted by `percent` from the renewal `renews_on` on, based on a quantity of `counted` devices.

    Without a day there is no renewal from which a discount could apply (LifeTime, or an expiry that has passed).
    """

    renews_on: datetime.date | None
    percent: Decimal
    count: int
    counted: int


@dataclass(frozen=True)
class ItemDiscount:
    """A partner's devices of one item code: their quantity, and the shares whose renewal has passed or is still to come."""

    item: str
    name: str
    quantity: int
    renewed: tuple
    coming: tuple


def renewal_of(row, *, today):
    """Return the PBX renewal relevant to a device: the last one since its billing start, else the next one, or None (HW-7)."""
    if row.expires_on is None or row.term not in TERMS or row.expires_on <= today:
        return None
    last = _begun(row.expires_on, row.term)
    is_renewed = row.billing_starts_on < last <= today and (row.activated_on is None or row.activated_on < last)
    return last if is_renewed else row.expires_on


@lru_cache(maxsize=2000)  # thousands of devices share the same days
def _begun(expires_on, term):
    """Return the first day of the term that ends on `expires_on`."""
    return expires_on - TERMS[term]


def quantity_discounts(rows, *, book, today):
    """Return the quantity discounts of a partner's devices (Billed): only after the renewal, strictly per item code (HW-7).

    At each renewal, devices of the item code billed before it are counted; the discount table is that of the renewal's day.
    """
    items = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.item, row.billing_starts_on)):
        items[row.item].append(row)
    return [_of_item(own, book, today) for own in items.values()]


def _of_item(rows, book, today):
    begun, totals = [row.billing_starts_on for row in rows], [0, *accumulate(row.count for row in rows)]
    by_renewal = defaultdict(int)
    for row in rows:
        by_renewal[renewal_of(row, today=today)] += row.count
    shares = []
    for day, count in by_renewal.items():
        counted = totals[bisect_left(begun, day)] if day else totals[-1]
        shares.append(Share(day, _percent(rows[0].item, counted, book.at(day)) if day else Decimal(0), count, counted))
    shares.sort(key=lambda share: share.renews_on or datetime.date.max)
    renewed = tuple(share for share in shares if share.renews_on and share.renews_on <= today)
    return ItemDiscount(rows[0].item, rows[0].name, totals[-1], renewed, tuple(share for share in shares if share not in renewed))


def _percent(item, quantity, book):
    steps = [(least, percent) for code, least, percent in book.value("hwaas.quantity_discount") if code == item and least <= quantity]
    return max(steps)[1] if steps else Decimal(0)
