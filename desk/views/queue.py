"""The agents' queue, and the way to file on a partner's behalf."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from desk.filters import listed
from desk.pages import rail, rows
from partners.gates import care_required
from partners.models import Partner
from partners.paging import keyset
from tickets.filters import TYPE_CHOICES, chip
from tickets.views.portal import topics


@require_GET
@care_required
def queue(request):
    """The tickets of one standing view, narrowed and searched."""
    view = request.GET.get("view", "open")
    page = keyset(listed(request).select_related("partner", "assignee").prefetch_related("charges"), ("-updated_at", "-number"), request)
    titles = {key: label for key, label, _icon in rail.VIEWS}
    context = {
        "title": titles.get(view, _("Tickets")) if not request.GET.get("q") else _("Search"),
        "rail_active": "" if request.GET.get("q") else view,
        "tickets": rows.read(page.rows),
        "filters": [chip(request, _("Every type"), type=None), *(chip(request, label, type=code) for code, label in TYPE_CHOICES)],
        "q": request.GET.get("q", ""),
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "desk/queue.html", context)


@require_GET
@care_required
def new(request):
    """Choose the partner, then the type: an agent files on a partner's behalf."""
    code = request.GET.get("partner", "").replace("\x00", "").strip()[:100]
    partners = Partner.objects.visible_to(request.user)
    partner = partners.filter(code__iexact=code).first()
    found = [] if partner or not code else list(partners.filter(name__istartswith=code)[:20])
    context = {"asked": code, "partner": partner, "partners": found}
    if partner:
        context["topics"] = topics(partner, timezone.now().date(), query=f"?partner={partner.code}")
    return render(request, "desk/new.html", context)
