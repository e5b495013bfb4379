"""The CLASSOUND usage of a month as CSV (BIL-9): every call, written while it is read, however many there are."""

import datetime
import re

from dateutil.relativedelta import relativedelta
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from classound.models import Call
from partners import spreadsheets
from partners.gates import sign_in_required
from partners.models import Partner

COLUMNS = ("call_id", "started_at", "number", "user", "direction", "destination", "seconds", "price", "currency")
AT_ONCE = 2000  # calls in memory
MONTHS = 12
FIRST_YEAR = 1990


@require_GET
@sign_in_required
def usage(request, code, month):
    """The calls of a partner in a month (2026-11, in UTC) as a download."""
    partner = get_object_or_404(Partner.objects.visible_to(request.user), code=code)
    start = _month(month)
    calls = Call.objects.visible_to(request.user).of_partner(partner)
    rows = _rows(calls, start, start + relativedelta(months=1), partner.currency)
    return spreadsheets.answer("csv", f"classound-usage-{partner.code}-{month}", COLUMNS, rows)


def usage_months(partner, *, today):
    """The latest months as links, the running one first: [{"label", "url"}]."""
    months = [today.replace(day=1) - relativedelta(months=ago) for ago in range(MONTHS)]
    return [{"label": date_format(month, "F Y"), "url": reverse("usage", args=[partner.code, f"{month:%Y-%m}"])} for month in months]


def _month(text):
    """The first moment of a month that is written as 2026-11. Raises Http404."""
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text, re.ASCII)
    if not match or not FIRST_YEAR <= int(match[1]) < datetime.MAXYEAR:
        raise Http404
    return datetime.datetime(int(match[1]), int(match[2]), 1, tzinfo=datetime.UTC)


def _rows(calls, start, end, currency):
    """The rows of the file, fetched from the database a few at a time."""
    found = calls.filter(started_at__gte=start, started_at__lt=end).order_by("started_at", "pk")
    names = ("call_id", "started_at", "did__number", "user", "direction", "destination", "seconds", "price")
    for call_id, started_at, number, user, direction, destination, seconds, price in found.values_list(*names).iterator(AT_ONCE):
        yield (call_id, started_at.isoformat(), number, user, direction, destination, seconds, price, currency)
