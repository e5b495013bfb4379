"""The agent's ticket page and the parts loaded after it."""

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.models import Draft
from desk.pages import recently_viewed, snoozed, ticket_context, ticket_timeline
from desk.pages import ticket as pages
from desk.services import presence
from engine.prepared_queries import Parameter, PreparedQuery
from partners.access import Reader, get_visible_or_404
from partners.gates import care_required
from tickets.forms import assignable_users
from tickets.models import Ticket
from tickets.models.ticket import long_columns
from tickets.services import dossier, history
from web.paging import as_page
from web.user_input import parse_number

# After these events, messages of another ticket appear in this timeline, or no longer do.
REGROUPS = ("merged_here", "unmerged_here")


@require_safe
@care_required
def ticket_page(request, number):
    """Show one ticket with everything needed to decide on it; for "Show earlier", only the earlier entries."""
    if request.htmx and request.GET.get("after"):
        return render(request, "desk/ticket/_earlier.html", ticket_timeline.earlier_part(_whole(request, number), request))
    return recently_viewed.remember(shown(request, number), request, number)


@require_safe
@care_required
def progress(request, number):
    """Answer polls during execution: 204 while it runs, then the new page, of which all but the composer is swapped in."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    return HttpResponse(status=204) if ticket.execution == Ticket.Execution.REQUESTED else shown(request, number)


@require_safe
@care_required
def beside(request, number):
    """Render the context loaded after the page: the partner's balance and contacts, links and other tickets."""
    ticket = get_visible_or_404(request.user, _with_open, number=number)
    context = ticket_context.read(ticket, request.user, today=timezone.now().date())
    return render(request, "desk/_context.html", context | {"typed": request.GET.get("other", "")})


@require_safe
@care_required
def recheck(request, number):
    """Re-evaluate the policies now and render the policy card."""
    ticket = _whole(request, number)
    return render(request, "desk/ticket/_verdict.html", pages.decisions(ticket, request.user, timezone.now()))


@require_safe
@care_required
def live(request, number):
    """Answer polls for viewers and new events; 204 if there is nothing new. Writes no row."""
    ticket = get_visible_or_404(request.user, _beside, number=number)
    last = parse_number(request.GET.get("last", ""), digits=18) or 0
    viewers = presence.look(number, request.user, typing=request.GET.get("typing") == "1")
    events = history.since(ticket, last) if last else []
    if not events and pages.here(viewers) == request.GET.get("here", ""):
        return HttpResponse(status=204)
    tab = ticket_timeline.tab_of(request)
    ticket.landmarks = events
    wanted = [event for event in events if history.TABS[tab] is None or event.kind in history.TABS[tab]]
    context = {
        "events": ticket_timeline.entries(ticket, wanted, request.user),
        "has_changed": any(event.kind in ticket_timeline.CHANGES for event in events),
        "ticket_url": f"{reverse('desk:ticket', args=[number])}?tab={tab}",
        "is_regrouped": any(event.data.get("how") in REGROUPS for event in events),
        "viewers": viewers,
        "here": pages.here(viewers),
        "live_tab": tab,
        "live_url": request.path,
        "last_event": events[-1].pk if events else last,
    }
    return render(request, "desk/ticket/_live.html", context)


def _whole(request, number):
    return dossier.at_desk(get_visible_or_404(request.user, _ticket, number=number, author=request.user.pk))


def _at_desk(is_care):
    has_draft = Exists(Draft.objects.filter(ticket=OuterRef("pk"), author=Parameter("author")))
    owners = ArraySubquery(assignable_users().values(one=JSONObject(pk="pk", name="full_name")))
    tickets = dossier.desk_rows(Ticket.objects.visible_to(Reader(is_care)).filter(pk=Parameter("number")))
    return tickets.annotate(has_draft=has_draft, may_own=owners)


_ticket = PreparedQuery(_at_desk, by_key=True)
_beside = PreparedQuery(lambda is_care: _one(is_care), by_key=True)
_with_open = PreparedQuery(lambda is_care: ticket_context.with_open(_one(is_care), Reader(is_care)), by_key=True)


def _one(is_care):
    tickets = Ticket.objects.visible_to(Reader(is_care)).select_related("partner").defer(*long_columns())
    return dossier.with_merged(tickets).filter(pk=Parameter("number"))


def shown(request, number, *, sent=None, correction=None, status=200):
    """Render the ticket page; a failed form (`sent`) is shown as submitted, and a `correction` opens the detail fields."""
    ticket, now = _whole(request, number), timezone.now()
    as_page(request, reverse("desk:ticket", args=[number]))
    context = pages.read(ticket, request, now=now, sent=sent, correction=correction)
    if context["brought"] and not context["brought"].words:
        for error in context["brought"].errors:
            messages.error(request, error)
    context["snooze"] = snoozed.read(ticket, now=now)
    if context["snooze"] and sent and sent.act == "snooze":  # the dialog is open; normally it is loaded on demand
        context["snooze"] |= snoozed.offered(ticket, now=now, form=sent.form)
    return render(request, "desk/ticket.html", context, status=status)
