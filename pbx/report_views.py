"""Reports on PBXs, in the portal and at the desk: the expirations calendar and the LifeTime PBXs."""

from functools import partial

from dateutil.relativedelta import relativedelta
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from pbx import expirations as calendar
from pbx import lifetime as report
from pbx.models import Pbx
from web.chips import chips, query_of
from web.paging import keyset
from web.spreadsheets import addresses, answer

PICTURE = 40  # the height of the tallest bar


def expirations_file(request, kind):
    """Download the dates listed on the calendar page."""
    today = timezone.now().date()
    wanted = calendar.asked(request.GET, today=today)
    first, after = wanted.period()
    until = "" if wanted.month else f"-{after - relativedelta(months=1):%Y-%m}"
    name = f"{calendar.FILES[wanted.kind]}-{first:%Y-%m}{until}"
    return answer(kind, name, calendar.HEADERS[wanted.kind], calendar.lines(request.user, wanted, today=today))


def expirations(request):
    """Show the expirations calendar: the year as a chart, and a list of the dates of one kind."""
    area, today = request.resolver_match.namespace, timezone.now().date()
    wanted = calendar.asked(request.GET, today=today)
    months = calendar.by_month(request.user, wanted)
    page = keyset(calendar.listed(request.user, wanted), (wanted.day, "id"), request, size=50)
    query = partial(query_of, request)
    tallest = max((max(expiring, ending) for _month, expiring, ending in months), default=0)
    shown = [month for month in months if wanted.month in (None, month[0])]
    totals = {calendar.EXPIRY: sum(month[1] for month in shown), calendar.COMMITMENT: sum(month[2] for month in shown)}
    context = {
        "year": f"{date_format(wanted.first, 'F Y')} – {date_format(wanted.months[-2], 'F Y')}",
        "months": [_month(month, tallest, wanted, query) for month in months],
        "all_url": query(month="") if wanted.month else "",
        "month": date_format(wanted.month, "F Y") if wanted.month else "",
        "earlier_url": query(**{"from": f"{wanted.first - relativedelta(months=calendar.MONTHS):%Y-%m}", "month": ""}),
        "later_url": query(**{"from": f"{wanted.months[-1]:%Y-%m}", "month": ""}),
        "tabs": [
            {"label": label, "url": query(kind=kind), "active": kind == wanted.kind, "count": totals[kind]}
            for kind, label in calendar.KINDS.items()
        ],
        "filters": chips(request, "term", _TERMS, everything=_("All terms"))[1],
        "kind": wanted.kind,
        "rows": [_date(row, wanted.kind, area, today) for row in page.rows],
        "kept": {name: value for name, value in request.GET.items() if name in ("from", "month", "kind", "term", "partner")},
        "words": wanted.q,
        "partner": wanted.partner,
        "no_partner_url": query(partner="") if wanted.partner else "",
        "files": addresses(f"{area}:expirations_file", query=query()),
        "page": page,
    }
    return render(request, "pbx/expirations.html", context)


_TERMS = [(term, capfirst(label)) for term, label in Pbx.Term.choices if term != Pbx.Term.LIFETIME]


def _month(month, tallest, wanted, query):
    first, expiring, ending = month
    return {
        "label": date_format(first, "M"),
        "year": first.year,
        "url": query(month=f"{first:%Y-%m}" if first != wanted.month else ""),
        "active": first == wanted.month,
        "expiring": expiring,
        "ending": ending,
        "bars": [
            {"x": 4 + 18 * place, "y": PICTURE - _height(count, tallest), "height": _height(count, tallest), "kind": kind}
            for place, (kind, count) in enumerate((("expiry", expiring), ("commitment", ending)))
        ],
    }


def _height(count, tallest):
    """Return the height of a bar: the tallest fills the chart, and a count above zero is always visible."""
    return max(2, round(PICTURE * count / tallest)) if count else 0


def _date(row, kind, area, today):
    pbx = row if kind == calendar.EXPIRY else row.pbx
    bound = row if kind == calendar.COMMITMENT else pbx.commitment_on(today)
    return {
        "on": pbx.expires_on if kind == calendar.EXPIRY else row.ends_on,
        "pbx": pbx,
        "url": reverse(f"{area}:pbx", args=[pbx.serial]),
        "term": capfirst(pbx.get_term_display()),
        "commitment": bound,
        "renews": bound.renews if bound else None,
    }


def lifetime_file(request, kind):
    """Download the LifeTime PBXs listed in the report."""
    today = timezone.now().date()
    wanted = report.asked(request.GET, today=today)
    return answer(kind, f"lifetime-{wanted.year}", report.HEADER, report.lines(request.user, wanted, today=today))


def lifetime(request):
    """Show the report of LifeTime PBXs."""
    area, today = request.resolver_match.namespace, timezone.now().date()
    wanted = report.asked(request.GET, today=today)
    page = keyset(report.pbxs(request.user, wanted), ("serial", "id"), request, size=50)
    query = partial(query_of, request)
    years = [(year, query(year=year)) for year in report.years(today)]
    context = {
        "year": wanted.year,
        "filters": [{"label": year, "url": url, "active": year == wanted.year} for year, url in years],
        "rows": [row | {"url": reverse(f"{area}:pbx", args=[row["pbx"].serial])} for row in report.rows(page.rows, wanted, today=today)],
        "policies": report.policies(wanted, today=today),
        "kept": {"year": wanted.year} | ({"partner": wanted.partner} if wanted.partner else {}),
        "words": wanted.q,
        "partner": wanted.partner,
        "files": addresses(f"{area}:lifetime_file", query=query(year=wanted.year)),
        "page": page,
    }
    return render(request, "pbx/lifetime.html", context)
