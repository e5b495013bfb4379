"""The CLASSOUND usage of a month (BIL-9): every call as a table, written while it is read, and what each user called."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from classound.models import Call
from classound.numbers import spaced
from partners.gates import sign_in_required
from partners.models import Partner
from web import spreadsheets
from web.typed import month_of

COLUMNS = ("call_id", "started_at_utc", "number", "user", "direction", "destination", "seconds", "price", "currency")
AT_ONCE = 2000  # calls in memory
MONTHS = 12
USERS = 200  # on a page: the files have them all
NUMBER = re.compile(r"\+[0-9]+")


@require_safe
@sign_in_required
def usage(request, code, month, kind):
    """The calls of a partner in a month (2026-11, in UTC) as a download."""
    partner, first = asked(request, code, month)
    calls = Call.objects.visible_to(request.user).of_partner(partner)
    return spreadsheets.answer(kind, f"classound-usage-{partner.code}-{month}", COLUMNS, _rows(calls, first, partner.currency))


def asked(request, code, month):
    """(partner, first day of the month) that an address names; 404 for what the reader may not see."""
    partner = get_object_or_404(Partner.objects.visible_to(request.user), code=code)
    first = month_of(month)
    if first is None:
        raise Http404
    return partner, first


def usage_months(partner, *, today):
    """The latest months as links, the running one first: [{"label", "url", "files"}]."""
    months = [today.replace(day=1) - relativedelta(months=ago) for ago in range(MONTHS)]
    return [
        {
            "label": date_format(month, "F Y"),
            "url": reverse("usage_page", args=[partner.code, f"{month:%Y-%m}"]),
            "files": spreadsheets.addresses("usage", partner.code, f"{month:%Y-%m}"),
        }
        for month in months
    ]


@dataclass(frozen=True)
class Used:
    """Calls by direction, seconds and the price (in the partner's currency) of a user, or of all users for "" as `user`."""

    outgoing: int
    incoming: int
    seconds: int | None
    price: Decimal | None
    user: str = ""

    @property
    def minutes(self):
        """Minutes, with one digit after the point."""
        return Decimal(self.seconds or 0) / 60


def used(calls, first, *, users=USERS):
    """(all of the month that begins on `first`, its users by their seconds, `users` at most) as Used; `calls` are those of a partner."""
    found = _of_month(calls, first).order_by()
    rows = found.values("user").annotate(**_SUMS).order_by("-all_seconds", "user")[:users]
    listed = [_used(row) for row in rows]
    return (_used(found.aggregate(**_SUMS)) if len(listed) == users else _together(listed)), listed


def partners_to_tell(first):
    """The partners that want a report of the month that begins on `first`, have calls in it and were not told of it yet."""
    calls = _of_month(Call.objects.filter(did__pbx__end_user__partner=OuterRef("pk")), first)
    told = Q(usage_reported_for__gte=first)
    return Partner.objects.filter(Exists(calls), usage_reports=True).exclude(told)


_SUMS = {
    "outgoing": Count("pk", filter=Q(direction=Call.Direction.OUT)),
    "incoming": Count("pk", filter=Q(direction=Call.Direction.IN)),
    "all_seconds": Sum("seconds"),
    "all_price": Sum("price"),
}


def _together(rows):
    """All of them as one: calls are read once where the list has every user."""
    price = sum((row.price or 0 for row in rows), Decimal(0))
    return Used(sum(row.outgoing for row in rows), sum(row.incoming for row in rows), sum(row.seconds or 0 for row in rows), price)


def _used(row):
    return Used(row["outgoing"], row["incoming"], row["all_seconds"], row["all_price"], row.get("user", ""))


def _of_month(calls, first):
    start = datetime.datetime.combine(first, datetime.time(), tzinfo=datetime.UTC)
    return calls.filter(started_at__gte=start, started_at__lt=start + relativedelta(months=1))


def _readable(destination):
    """A number as people read it; whatever else was dialled stays as it is."""
    return spaced(destination) if NUMBER.fullmatch(destination) else destination


def _rows(calls, first, currency):
    """The rows of the file, fetched from the database a few at a time."""
    found = _of_month(calls, first).order_by("started_at", "pk")
    names = ("call_id", "started_at", "did__number", "user", "direction", "destination", "seconds", "price")
    for call_id, started_at, number, user, direction, destination, seconds, price in found.values_list(*names).iterator(AT_ONCE):
        yield (call_id, started_at, spaced(number), user, direction, _readable(destination), seconds, price, currency)
