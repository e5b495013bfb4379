"""CLASSOUND usage of a month (BIL-9): a streamed file of every call, and totals per user."""

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
from web.user_input import parse_month

COLUMNS = ("call_id", "started_at_utc", "number", "user", "direction", "destination", "seconds", "price", "currency")
AT_ONCE = 2000  # calls in memory
MONTHS = 12
USERS = 200  # per page; the files contain all users
NUMBER = re.compile(r"\+[0-9]+")


@require_safe
@sign_in_required
def usage(request, code, month, kind):
    """Download the calls of a partner in a month (2026-11, in UTC)."""
    partner, first = asked(request, code, month)
    calls = Call.objects.visible_to(request.user).of_partner(partner)
    return spreadsheets.answer(kind, f"classound-usage-{partner.code}-{month}", COLUMNS, _rows(calls, first, partner.currency))


def asked(request, code, month):
    """Return (partner, first day of the month) named by the URL. Raise Http404 for anything the user may not see."""
    partner = get_object_or_404(Partner.objects.visible_to(request.user), code=code)
    first = parse_month(month)
    if first is None:
        raise Http404
    return partner, first


def usage_months(partner, *, today):
    """Return links to the latest months, the current one first: [{"label", "url", "files"}]."""
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
class UsageTotals:
    """Calls by direction, seconds and price (in the partner's currency) of a user, or of all users if `user` is ""."""

    outgoing: int
    incoming: int
    seconds: int | None
    price: Decimal | None
    user: str = ""

    @property
    def minutes(self):
        """Return the duration in minutes as a Decimal."""
        return Decimal(self.seconds or 0) / 60


def usage_totals(calls, first, *, users=USERS):
    """Return (totals, users by seconds) of a partner's `calls` in the month from `first`, as UsageTotals; at most `users` users."""
    found = _of_month(calls, first).order_by()
    rows = found.values("user").annotate(**_SUMS).order_by("-all_seconds", "user")[:users]
    listed = [_used(row) for row in rows]
    return (_used(found.aggregate(**_SUMS)) if len(listed) == users else _together(listed)), listed


def partners_due_report(first):
    """Return the partners that want reports, have calls in the month from `first` and have not received its report yet."""
    calls = _of_month(Call.objects.filter(did__pbx__end_user__partner=OuterRef("pk")), first)
    has_report = Q(usage_reported_for__gte=first)
    return Partner.objects.filter(Exists(calls), usage_reports=True).exclude(has_report)


_SUMS = {
    "outgoing": Count("pk", filter=Q(direction=Call.Direction.OUT)),
    "incoming": Count("pk", filter=Q(direction=Call.Direction.IN)),
    "all_seconds": Sum("seconds"),
    "all_price": Sum("price"),
}


def _together(rows):
    """Add up the rows, which saves a query over the calls if the list contains every user."""
    price = sum((row.price or 0 for row in rows), Decimal(0))
    return UsageTotals(sum(row.outgoing for row in rows), sum(row.incoming for row in rows), sum(row.seconds or 0 for row in rows), price)


def _used(row):
    return UsageTotals(row["outgoing"], row["incoming"], row["all_seconds"], row["all_price"], row.get("user", ""))


def _of_month(calls, first):
    start = datetime.datetime.combine(first, datetime.time(), tzinfo=datetime.UTC)
    return calls.filter(started_at__gte=start, started_at__lt=start + relativedelta(months=1))


def _readable(destination):
    """Return a phone number formatted for reading; anything else that was dialled is unchanged."""
    return spaced(destination) if NUMBER.fullmatch(destination) else destination


def _rows(calls, first, currency):
    """Yield the rows of the file, read from the database in batches."""
    found = _of_month(calls, first).order_by("started_at", "pk")
    names = ("call_id", "started_at", "did__number", "user", "direction", "destination", "seconds", "price")
    for call_id, started_at, number, user, direction, destination, seconds, price in found.values_list(*names).iterator(AT_ONCE):
        yield (call_id, started_at, spaced(number), user, direction, _readable(destination), seconds, price, currency)
