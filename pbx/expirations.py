"""The Licences Expirations Calendar (COM-6): when PBXs expire with all that is on them, and when Commitments end."""

import datetime
import heapq
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from partners.typed import begins_with, month_of, text_of
from pbx.models import Commitment, Pbx

MONTHS = 12
EXPIRY, COMMITMENT = "expiry", "commitment"
KINDS = {EXPIRY: _("Expiries"), COMMITMENT: _("Commitments")}
HEADER = ("date", "kind", "pbx", "name", "partner", "end_user", "term", "years", "renews")


@dataclass(frozen=True)
class Asked:
    """What is looked at: a year from the month `first`, maybe one `month` of it; one kind of date in the list; narrowed by the rest."""

    first: datetime.date
    month: datetime.date | None
    kind: str
    term: str
    partner: str
    q: str

    @property
    def months(self):
        """The first days of the months of the year, and the day after it."""
        return [self.first + relativedelta(months=number) for number in range(MONTHS + 1)]

    def period(self):
        """(first day, day after the last) of what the list shows."""
        return (self.month, self.month + relativedelta(months=1)) if self.month else (self.first, self.months[-1])


def asked(given, *, today):
    """Read the query of the page (a dict of texts): what is not understood counts as not asked."""
    this_month = today.replace(day=1)
    first = month_of(given.get("from", "")) or this_month
    month = month_of(given.get("month", ""))
    text = {name: text_of(given.get(name, "")) for name in ("partner", "q", "term", "kind")}
    return Asked(
        first,
        month if month and first <= month < first + relativedelta(months=MONTHS) else None,
        text["kind"] if text["kind"] in KINDS else EXPIRY,
        text["term"] if text["term"] in Pbx.Term.values else "",
        text["partner"],
        text["q"],
    )


def expiries(user, wanted, start, end):
    """The PBXs of the period that expire, for whoever may see them."""
    found = Pbx.objects.visible_to(user).filter(terminated_on=None, expires_on__gte=start, expires_on__lt=end)
    return _narrowed(found, wanted, "").select_related("end_user__partner")


def commitments(user, wanted, start, end):
    """The Commitments that end in the period, for whoever may see them."""
    found = Commitment.objects.visible_to(user).filter(pbx__terminated_on=None, ends_on__gte=start, ends_on__lt=end)
    return _narrowed(found, wanted, "pbx__").select_related("pbx__end_user__partner")


def _narrowed(rows, wanted, pbx):
    if wanted.term:
        rows = rows.filter(**{f"{pbx}term": wanted.term})
    if wanted.partner:
        rows = rows.filter(**{f"{pbx}end_user__partner__code": wanted.partner})
    return rows.filter(begins_with(wanted.q, f"{pbx}serial", f"{pbx}name", f"{pbx}end_user__name"))


def by_month(user, wanted):
    """[(first day of the month, PBXs that expire, Commitments that end)] of the year."""
    start, end = wanted.first, wanted.months[-1]
    expiring = _counts(expiries(user, wanted, start, end), "expires_on")
    ending = _counts(commitments(user, wanted, start, end), "ends_on")
    return [(month, expiring.get(month, 0), ending.get(month, 0)) for month in wanted.months[:-1]]


def _counts(rows, name):
    counted = rows.select_related(None).order_by().annotate(month=TruncMonth(name)).values("month").annotate(count=Count("pk"))
    return {row["month"]: row["count"] for row in counted}


def lines(user, wanted):
    """The rows of the CSV, both kinds together by date; read from the database piece by piece."""
    period = wanted.period()
    expiring = ((pbx.expires_on, EXPIRY, pbx, None) for pbx in _read(expiries(user, wanted, *period), "expires_on"))
    ending = ((one.ends_on, COMMITMENT, one.pbx, one) for one in _read(commitments(user, wanted, *period), "ends_on"))
    for day, kind, pbx, commitment in heapq.merge(expiring, ending, key=lambda row: row[0]):
        customer = pbx.end_user
        told = (commitment.years, "yes" if commitment.renews else "no") if commitment else ("", "")
        yield (day.isoformat(), kind, pbx.serial, pbx.name, customer.partner.code, customer.name, pbx.term, *told)


def _read(rows, day):
    return rows.order_by(day, "pk").iterator(chunk_size=1000)
