"""Reports: figures for a period, each linked to the tickets it counts, and file downloads."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.pages import charts
from desk.pages.more_reports import REPORTS
from desk.pages.report_period import MONTH, ReportForm
from desk.pages.reports import ReportBuilder, minutes, share
from desk.views.time_limits import limit_export, too_long_a_period
from partners.gates import care_required
from web import spreadsheets


@require_safe
@care_required
@limit_export(too_long_a_period)
def reports(request):
    """Show all reports for one period."""
    form, asked = _asked(request)
    pages = ReportBuilder(request.user, asked)
    query = f"?{request.GET.urlencode()}"
    shown = {
        code: replace(report(pages), files=spreadsheets.addresses("desk:report_file", code, query=query))
        for code, report in REPORTS.items()
    }
    context = {
        "form": form,
        "asked": asked,
        "before": asked.moved(-1),
        "after": asked.moved(1) if asked.last < timezone.now().date() else "",
        "stats": _stats(pages),
        "volume": shown.pop("volume"),
        "days": shown["days"],
        "chart": charts.columns(shown.pop("days")),
        "reports": list(shown.values()),
        "notes": pages.figures.notes,
        "rail_active": "reports",
    }
    return render(request, "desk/reports.html", context)


@require_safe
@care_required
@limit_export(too_long_a_period)
def file(request, table, kind):
    """Return one report for one period as CSV or XLSX."""
    if table not in REPORTS:
        raise Http404
    _form, asked = _asked(request)
    report = REPORTS[table](ReportBuilder(request.user, asked))
    return spreadsheets.answer(kind, f"{table}-{asked.first}-{asked.last}", report.heading, report.raw())


def _asked(request):
    data = request.GET.copy()
    data["period"] = data.get("period") or MONTH
    form = ReportForm(data, today=timezone.now().date())
    form.is_valid()
    return form, form.asked()


def _stats(pages):
    """Return the headline figures across all types."""
    every = pages.figures.by_type.get("")
    if not every:
        return []
    late = max((every[f"late_{clock}"], clock) for clock in ("first", "next", "solution"))
    opinions = every["satisfied_yes"] + every["satisfied_no"]
    half = {clock: minutes(every[clock][0] if every[clock] else None).text for clock in ("first", "solution")}
    known = (
        (_("Submitted"), f"{every['filed']:,}", {}),
        (_("First answer, median"), half["first"], {"measured": "first"}),
        (_("Solution, median"), half["solution"], {"measured": "solution"}),
        (_("Late (worst clock)"), share(late[0], every["filed"]).text, {"late": late[1]}),
        (_("Reopened"), share(every["reopened"], every["filed"]).text, {"reopened": "yes"}),
        (_("Satisfied"), share(every["satisfied_yes"], opinions).text, {"satisfied": "yes"}),
    )
    return [{"label": label, "value": value, "url": pages.link(**query)} for label, value, query in known]
