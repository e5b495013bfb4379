"""The CLASSOUND usage of a month as a table (BIL-9): every call, written while it is read, however many there are."""

import datetime
import re

from dateutil.relativedelta import relativedelta
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from classound.models import Call
from classound.numbers import spaced
from partners import spreadsheets
from partners.gates import sign_in_required
from partners.models import Partner
from partners.typed import month_of

COLUMNS = ("call_id", "started_at_utc", "number", "user", "direction", "destination", "seconds", "price", "currency")
AT_ONCE = 2000  # calls in memory
MONTHS = 12
NUMBER = re.compile(r"\+[0-9]+")


@require_GET
@sign_in_required
def usage(request, code, month, kind):
    """The calls of a partner in a month (2026-11, in UTC) as a download."""
    partner = get_object_or_404(Partner.objects.visible_to(request.user), code=code)
    first = month_of(month)
    if first is None:
        raise Http404
    start = datetime.datetime.combine(first, datetime.time(), tzinfo=datetime.UTC)
    calls = Call.objects.visible_to(request.user).of_partner(partner)
    rows = _rows(calls, start, start + relativedelta(months=1), partner.currency)
    return spreadsheets.answer(kind, f"classound-usage-{partner.code}-{month}", COLUMNS, rows)


def usage_months(partner, *, today):
    """The latest months as links, the running one first: [{"label", "files"}]."""
    months = [today.replace(day=1) - relativedelta(months=ago) for ago in range(MONTHS)]
    return [
        {"label": date_format(month, "F Y"), "files": spreadsheets.addresses("usage", partner.code, f"{month:%Y-%m}")} for month in months
    ]


def _readable(destination):
    """A number as people read it; whatever else was dialled stays as it is."""
    return spaced(destination) if NUMBER.fullmatch(destination) else destination


def _rows(calls, start, end, currency):
    """The rows of the file, fetched from the database a few at a time."""
    found = calls.filter(started_at__gte=start, started_at__lt=end).order_by("started_at", "pk")
    names = ("call_id", "started_at", "did__number", "user", "direction", "destination", "seconds", "price")
    for call_id, started_at, number, user, direction, destination, seconds, price in found.values_list(*names).iterator(AT_ONCE):
        yield (call_id, started_at, spaced(number), user, direction, _readable(destination), seconds, price, currency)
