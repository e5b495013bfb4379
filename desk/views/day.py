"""An agent's personal pages: My day and notices."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from desk.pages import day as pages
from desk.services import notices as service
from partners.gates import care_required
from web.paging import keyset
from web.user_input import parse_number

BACK = {"day": "desk:day", "notices": "desk:notices"}


@require_safe
@care_required
def day(request):
    """Show the agent's work for today and the team's workload."""
    return render(request, "desk/day.html", pages.read(request, now=timezone.now()) | {"rail_active": "day"})


@require_safe
@care_required
def notices(request):
    """List the agent's notices, newest first."""
    page = keyset(pages.notices_of(request.user), ("-at", "-id"), request)
    context = {
        "notices": pages.notices(page.rows),
        "has_unread": any(row.read_at is None for row in page.rows),
        "page": page,
        "rail_active": "notices",
    }
    return render(request, "desk/notices.html", context)


@require_POST
@care_required
def read(request):
    """Mark the listed notices as read, and no others; or, for a ticket page, those about the ticket."""
    ticket, *shown = (parse_number(text, digits=17) for text in (request.POST.get("ticket", ""), *request.POST.getlist("notice")))
    if ticket:
        service.read_about(request.user, ticket, until=parse_number(request.POST.get("until", ""), digits=17), at=timezone.now())
        return HttpResponse(status=204)
    service.read(request.user, [notice for notice in shown if notice], at=timezone.now())
    return redirect(BACK.get(request.POST.get("back"), "desk:day"))
