"""The agents' queue, and filing tickets on a partner's behalf."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.filters import WORKING, narrowed, order_of, soon
from desk.pages import queue as page
from desk.pages import queue_cells, rail, rows, saved, search, search_names
from desk.services import snooze_wakeups
from desk.views.queue_panels import OFFERED
from desk.views.time_limits import limit_count, limit_search, too_many
from partners.gates import care_required
from partners.models import Partner
from tickets.views.portal import topics
from web.paging import keyset
from web.spreadsheets import addresses
from web.user_input import parse_text

MOST = 10_000  # counts stop here
FRESH = 100


@require_safe
@care_required
@limit_search(too_many)
def queue(request):
    """List tickets by view, filters, order and search. A ticket number alone opens the ticket. Empty keys are redirected away."""
    if any(not value.strip() for key in page.ASKING for value in request.GET.getlist(key)):
        return redirect(f"{reverse('desk:queue')}?{page.address(request.GET)}")
    if request.GET.keys() == {"q"} and (number := search.ticket_of(request.GET["q"], request.user)):
        return redirect("desk:ticket", number)
    now = timezone.now()
    asked, tickets = narrowed(request.GET, user=request.user, now=now)
    until, words = soon(now), request.GET.get("q", "")
    beside = rail.views(request.user)
    columns, view = page.chosen(beside["columns"]), saved.shown(request.GET, request.user)
    _order, by = order_of(request.GET.get("order", ""))
    found = keyset(rows.ready(tickets), by, request)
    query = page.address(request.GET, saved=False)
    shown = rows.read(found.rows, columns, now=now, soon=until)
    found_where = search.highlighted(shown, asked.search, user=request.user)
    is_whole = not (found.newer_url or found.older_url)
    context = {
        "title": page.title(request.GET, asked, view),
        "desk_rail": beside,
        "rail_active": page.active_key(request.GET, view),
        "tickets": [row | {"cells": queue_cells.rendered(row, columns)} for row in found_where],
        "hits": search.hits(asked.search, user=request.user) or search_names.named(asked.search, user=request.user),
        "filters": page.chips(request.GET, asked, view),
        "orders": page.orders(request.GET),
        "heads": page.heads(request.GET, columns),
        "is_wide": len(columns) > 9,
        "saved": saved.actions(request.GET, view, request.user),
        "q": words,
        "query": query,
        "here": (here := page.address(request.GET)),
        "among_all": f"?{page.address(request.GET, view=['all'])}" if asked.shown_view not in ("", "all") else "",
        "files": addresses("desk:queue_file", query=f"?{here}"),
        "total": len(found.rows) if is_whole else None,
        "drawn_at": now.isoformat(),
        "bulk_url": reverse("desk:bulk"),
        "page": found,
    }
    return render(request, "desk/queue.html", context)


@require_safe
@care_required
@limit_count(lambda request: HttpResponse(_("too many to count")))
def count(request):
    """Return how many tickets the query finds, counting up to MOST."""
    _asked, tickets = narrowed(request.GET, user=request.user, now=timezone.now())
    found = _at_most(MOST + 1, tickets)
    return HttpResponse(_("%(many)s+") % {"many": f"{MOST:,}"} if found > MOST else f"{found:,}")


@require_safe
@care_required
@limit_count(lambda request: HttpResponse(status=204))
def fresh(request):
    """Return how many tickets are new, no longer snoozed or changed since `since`; 204 if the page has `seen` that many."""
    try:
        since = parse_datetime(request.GET.get("since", ""))
    except ValueError:
        since = None
    if since is None or timezone.is_naive(since):
        return HttpResponse(status=204)
    now = timezone.now()
    asked, tickets = narrowed(request.GET, user=request.user, now=now)
    since_then = tickets.filter(updated_at__gt=since)
    changed, came = _at_most(FRESH, since_then), _woken(asked, tickets, since, now=now)
    if str(changed + came) == request.GET.get("seen", "0"):
        return HttpResponse(status=204)
    new = _at_most(FRESH, since_then.filter(created_at__gt=since))
    context = {"new": new + came, "changed": changed - new, "seen": changed + came, "query": page.address(request.GET, saved=False)}
    context |= {"here": page.address(request.GET), "drawn_at": since.isoformat(), "is_many": changed + came >= FRESH}
    return render(request, "desk/_queue_fresh.html", context)


def _woken(asked, tickets, since, *, now):
    """Return how many tickets joined the list because their snooze ended and have not changed otherwise."""
    # The other views always include snoozed tickets.
    numbers = snooze_wakeups.notify_woken(since, at=now, most=FRESH) if asked.shown_view in WORKING else ()
    return _at_most(FRESH, tickets.filter(pk__in=numbers, updated_at__lte=since)) if numbers else 0


def _at_most(most, tickets):
    return tickets.order_by().values("pk")[:most].count()


@require_safe
@care_required
def new(request):
    """Let an agent file on a partner's behalf: choose a partner, with suggestions while typing, then a type."""
    text = parse_text(request.GET.get("partner", ""), 100)
    partners = Partner.objects.visible_to(request.user)
    partner = None
    with suppress(ValidationError):
        partner = None if request.htmx else partners.resolve(text)
    found = [] if partner else list(partners.search(text)[: OFFERED + 1])
    context = {"asked": text, "partner": partner, "partners": found[:OFFERED], "is_more": len(found) > OFFERED}
    if partner:
        context["topics"] = topics(partner, timezone.now().date(), query=f"?{partner.query}")
    return render(request, "desk/new.html", context)
