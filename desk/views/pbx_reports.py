"""Reports about PBXs at the desk: of all partners, or of one (`partner`)."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from partners.gates import care_required
from pbx import report_views


@require_GET
@care_required
def expirations(request):
    """The calendar of expirations."""
    context = report_views.calendar_page(request, area="desk", today=timezone.now().date())
    return _at_the_desk(request, "pbx/expirations.html", context)


@require_GET
@care_required
def expirations_file(request, kind):
    """The same dates as a file."""
    return report_views.calendar_file(request, kind, today=timezone.now().date())


@require_GET
@care_required
def lifetime(request):
    """The LifeTime PBXs."""
    context = report_views.lifetime_page(request, area="desk", today=timezone.now().date())
    return _at_the_desk(request, "pbx/lifetime.html", context)


@require_GET
@care_required
def lifetime_file(request, kind):
    """The same PBXs as a file."""
    return report_views.lifetime_table(request, kind, today=timezone.now().date())


def _at_the_desk(request, template, context):
    # The search of the list is not the search of the desk.
    return render(request, template, context | {"shell": "desk/base.html"})
