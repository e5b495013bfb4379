"""The Licences Expirations Calendar (COM-6): expiry dates of PBXs and end dates of Commitments."""

import datetime
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from pbx.models import Commitment, Pbx
from web.user_input import name_matches, parse_month, parse_text, starts_with

MONTHS = 12
EXPIRY, COMMITMENT = "expiry", "commitment"
KINDS = {EXPIRY: _("Expiries"), COMMITMENT: _("Commitments")}
# Each list has its own file, with the columns of the page.
FILES = {EXPIRY: "expirations", COMMITMENT: "commitments"}
HEADERS = {
    EXPIRY: ("expires_on", "pbx", "name", "partner", "end_user", "term", "commitment_until"),
    COMMITMENT: ("ends_on", "pbx", "name", "partner", "end_user", "term", "years", "renews"),
}


@dataclass(frozen=True)
class Asked:
    """The selection shown: a year from `first`, optionally one `month` of it, one kind of date in the list, and filters."""

    first: datetime.date
    month: datetime.date | None
    kind: str
    term: str
    partner: str
    q: str

    @property
    def months(self):
        """Return the first days of the year's months, and the day after the year."""
        return [self.first + relativedelta(months=number) for number in range(MONTHS + 1)]

    @property
    def day(self):
        """Return the column with the dates of the list."""
        return HEADERS[self.kind][0]

    def period(self):
        """Return (first day, day after the last) of the period listed."""
        return (self.month, self.month + relativedelta(months=1)) if self.month else (self.first, self.months[-1])


def asked(given, *, today):
    """Parse the query string of the page (a dict of strings); invalid values are ignored."""
    this_month = today.replace(day=1)
    first = parse_month(given.get("from", "")) or this_month
    month = parse_month(given.get("month", ""))
    text = {name: parse_text(given.get(name, "")) for name in ("partner", "q", "term", "kind")}
    return Asked(
        first,
        month if month and first <= month < first + relativedelta(months=MONTHS) else None,
        text["kind"] if text["kind"] in KINDS else EXPIRY,
        text["term"] if text["term"] in Pbx.Term.values else "",
        text["partner"],
        text["q"],
    )


def expiries(user, wanted, start, end):
    """Return the PBXs that `user` may see and that expire in the period."""
    found = Pbx.objects.visible_to(user).filter(terminated_on=None, expires_on__gte=start, expires_on__lt=end)
    return _narrowed(found, wanted, "").select_related("end_user__partner")


def commitments(user, wanted, start, end):
    """Return the Commitments that `user` may see and that end in the period."""
    found = Commitment.objects.visible_to(user).filter(pbx__terminated_on=None, ends_on__gte=start, ends_on__lt=end)
    return _narrowed(found, wanted, "pbx__").select_related("pbx__end_user__partner")


def _narrowed(rows, wanted, pbx):
    if wanted.term:
        rows = rows.filter(**{f"{pbx}term": wanted.term})
    if wanted.partner:
        rows = rows.filter(**{f"{pbx}end_user__partner__code": wanted.partner})
    return rows.filter(starts_with(wanted.q, f"{pbx}serial") | name_matches(wanted.q, f"{pbx}name", f"{pbx}end_user__name"))


def listed(user, wanted):
    """Return the rows of the list that `user` may see, with the Commitments of each PBX."""
    if wanted.kind == EXPIRY:
        return expiries(user, wanted, *wanted.period()).prefetch_related("commitments")
    return commitments(user, wanted, *wanted.period()).prefetch_related("pbx__commitments")


def by_month(user, wanted):
    """Return the year as [(first day of the month, number of PBXs expiring, number of Commitments ending)]."""
    start, end = wanted.first, wanted.months[-1]
    expiring = _counts(expiries(user, wanted, start, end), "expires_on")
    ending = _counts(commitments(user, wanted, start, end), "ends_on")
    return [(month, expiring.get(month, 0), ending.get(month, 0)) for month in wanted.months[:-1]]


def _counts(rows, name):
    counted = rows.select_related(None).order_by().annotate(month=TruncMonth(name)).values("month").annotate(count=Count("pk"))
    return {row["month"]: row["count"] for row in counted}


def lines(user, wanted, *, today):
    """Yield the rows of the list for the file, read from the database in batches."""
    for row in listed(user, wanted).order_by(wanted.day, "pk").iterator(chunk_size=1000):
        pbx = row if wanted.kind == EXPIRY else row.pbx
        customer = pbx.end_user
        details = (getattr(pbx.commitment_on(today), "ends_on", None),) if pbx is row else (row.years, "yes" if row.renews else "no")
        yield (getattr(row, wanted.day), pbx.serial, pbx.name, customer.partner.code, customer.name, pbx.term, *details)
