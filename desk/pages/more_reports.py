"""Further reports (money, reopened tickets, satisfaction, confirmations) and REPORTS, the list of all reports."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.amounts import format_figure
from desk.pages.report_period import end_of_month
from desk.pages.reports import (
    NUMBER,
    TEXT,
    Cell,
    Report,
    Row,
    breaches,
    days,
    length,
    minutes,
    overrides,
    refusals,
    share,
    times,
    type_filter,
    volume,
)
from tickets.models import Confirmation


def money(p):
    """Report fees and credits by month and currency, from the ledger; currencies are never added up."""
    columns = (
        (_("Month"), TEXT),
        (_("Currency"), TEXT),
        (_("Fees"), NUMBER),
        (_("Reversed"), NUMBER),
        (_("Credits"), NUMBER),
        (_("Withdrawn"), NUMBER),
        (_("Total"), NUMBER),
    )
    most = {}
    for _month, currency, fees, *_rest in p.figures.money:
        most[currency] = max(most.get(currency, 0), fees)
    rows = []
    for month, currency, fees, given_back, credits, withdrawn in p.figures.money:
        shown = date_format(month, "F Y")
        cells = (
            Cell(shown, f"{month:%Y-%m}"),
            Cell(currency, currency),
            amount(fees, posted(p, month, currency, "fees") if fees else ""),
            amount(given_back, posted(p, month, currency, "given_back") if given_back else ""),
            amount(credits, posted(p, month, currency, "credits") if credits else ""),
            amount(withdrawn),
            amount(fees + given_back + credits + withdrawn),
        )
        rows.append(Row(cells, bar=length(fees, most[currency]), url=posted(p, month, currency, "fees")))
    note = _(
        "Amounts posted to accounts in the period, whenever the request was filed: fees, reversed fees, credits and withdrawn credits. "
        "Bars compare fees in the same currency."
    )
    return Report("money", _("Fees and credits"), note, columns, rows, _("Nothing was posted in this period."))


def amount(number, url=""):
    """Return a cell with an amount; its currency is in another column."""
    return Cell(format_figure(number), Decimal(number).quantize(Decimal("0.01")), url)


def posted(p, month, currency, kind):
    """Return the queue URL for the tickets behind the postings of a month, as far as it lies in the period."""
    asked, narrowing = p.asked, p.asked.narrowing()
    account = {"payer": narrowing.pop("partner")} if "partner" in narrowing else {}
    span = {"posted_after": max(month, asked.first), "posted_before": min(end_of_month(month), asked.last)}
    query = {"view": "all"} | {key: day.isoformat() for key, day in span.items()} | {"money": kind, "currency": currency}
    return f"{reverse('desk:queue')}?{urlencode(query | narrowing | account)}"


def reopened(p):
    """Report how many solved tickets were reopened."""
    columns = ((_("Type"), TEXT), (_("Reopened"), NUMBER), (_("Share of submitted"), NUMBER))
    found = [(code, title, counts) for code, title, counts in p.types() if counts["reopened"]]
    rates = [counts["reopened"] / counts["filed"] for _code, _title, counts in found]
    rows = [
        Row(
            (
                Cell(title, title),
                p.count(counts["reopened"], reopened="yes", **type_filter(code)),
                share(counts["reopened"], counts["filed"]),
            ),
            bar=length(rate, max(rates)),
            is_sum=not code,
            url=p.link(reopened="yes", **type_filter(code)),
        )
        for (code, title, counts), rate in zip(found, rates, strict=True)
    ]
    return Report("reopened", _("Reopened"), "", columns, rows, _("No tickets were reopened."))


def satisfaction(p):
    """Report how partners answered the question whether we helped."""
    columns = (
        (_("Type"), TEXT),
        (_("Helped"), NUMBER),
        (_("Did not help"), NUMBER),
        (_("Satisfied"), NUMBER),
        (_("Response rate"), NUMBER),
    )
    rows = []
    for code, title, counts in p.types():
        yes, no = counts["satisfied_yes"], counts["satisfied_no"]
        if yes + no:
            cells = (
                Cell(title, title),
                p.count(yes, satisfied="yes", **type_filter(code)),
                p.count(no, satisfied="no", **type_filter(code)),
                share(yes, yes + no),
                share(yes + no, counts["filed"]),
            )
            rows.append(Row(cells, bar=length(yes, yes + no), is_sum=not code, url=p.link(satisfied="yes", **type_filter(code))))
    return Report("satisfaction", _("Did it help?"), "", columns, rows, _("No partner has answered yet."))


def confirmations(p):
    """Report how long transfer parties took from the request to agree or decline, in calendar time."""
    columns = [(title, NUMBER) for title in (_("Asked"), _("Agreed"), _("Declined"), _("Outstanding"), _("Median"), _("90% within"))]
    longest = max((taken[1] for *_rest, taken in p.figures.confirmations if taken), default=timedelta())
    rows = []
    for party, asked, yes, no, open_ones, taken in p.figures.confirmations:
        label = str(Confirmation.Party(party).label)
        query = {"party": party}
        half, most = taken or (None, None)
        cells = (
            Cell(label, label),
            p.count(asked, confirmation="asked", **query),
            p.count(yes, confirmation="agreed", **query),
            p.count(no, confirmation="declined", **query),
            p.count(open_ones, confirmation="outstanding", **query),
            minutes(half and half.total_seconds() // 60),
            minutes(most and most.total_seconds() // 60),
        )
        bars = {"bar": length(most, longest), "inner": length(half, longest)} if taken else {"bar": 0}
        rows.append(Row(cells, url=p.link(confirmation="asked", **query), **bars))
    note = _("Time from the request to the decision, including nights and weekends.")
    return Report("confirmations", _("Transfer confirmations"), note, ((_("Party"), TEXT), *columns), rows, _("No parties were asked."))


REPORTS = {
    report.__name__: report for report in (volume, days, times, breaches, refusals, overrides, money, reopened, satisfaction, confirmations)
}
