"""The portal's main pages: home, search, the choice of a request type, the list of requests, and one request."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engine.prepared_queries import Parameter, PreparedQuery
from partners import company
from partners.access import Reader, get_visible_or_404
from partners.gates import contact_required
from policies.models import PolicyValue
from tickets.areas import AREAS, area_of
from tickets.filters import PortalTicketFilter
from tickets.forms import MessageForm
from tickets.models import Ticket
from tickets.pages import exports, portal_search, prices, rows
from tickets.pages import request as pages
from tickets.services import agent_actions, consents, conversation, dossier, execution, history
from tickets.services.lifecycle import NotNow
from tickets.types import TYPES, kind_of
from tickets.views.ticket_actions import SAID, partner_action
from web.chips import query_of
from web.paging import keyset
from web.spreadsheets import addresses, answer
from web.user_input import parse_number, parse_text

WAITING = 5  # requests and agreements each that the home page shows as waiting for the partner; their lists have all of them
LETTERS = 3  # typed before the live search starts


def _mine(request):
    return Ticket.objects.visible_to(request.user)


def topics(partner, today, *, query=""):
    """Return the request types by topic. One query, however many types."""
    book, shown = PolicyValue.objects.book(on=today), {}
    for kind in TYPES.values():
        title, icon = AREAS[area_of(kind.topic)]
        slug = kind.topic.lower().replace("/", "-")
        topic = shown.setdefault(kind.topic, {"title": title, "slug": slug, "icon": icon, "types": []})
        url = reverse("portal:form", args=[kind.code]) + query
        topic["types"].append(
            {
                "title": kind.title,
                "text": kind.description,
                "price": prices.price_in_words(kind, partner, book),
                "time": kind.expected,
                "url": url,
            }
        )
    return list(shown.values())


@require_safe
@contact_required
def home(request):
    """Show what waits for the partner, its open requests, and the types of request."""
    tickets = _mine(request).order_by("-updated_at", "-number")
    waiting = list(tickets.filter(status=Ticket.Status.PENDING)[: WAITING + 1])
    more_wait, waiting = len(waiting) > WAITING, waiting[:WAITING]
    # Listed one by one: for "not over", the planner would not use the partial index of open tickets and would read all old ones.
    running = list(tickets.filter(status__in=(Ticket.Status.NEW, Ticket.Status.OPEN, Ticket.Status.ON_HOLD))[:8])
    shown = rows.request_rows([*waiting, *running])
    asked = history.last_told([t.pk for t in waiting])
    waits = [row | {"asked": asked.get(row["number"], "")} for row in shown[: len(waiting)]]
    now = timezone.now()
    asked_of = list(consents.asked_of(request.user)[: WAITING + 1])
    agreements = rows.pending_agreements(asked_of[:WAITING], request.user, now=now)
    context = {"waiting": waits, "more_wait": more_wait, "agreements": agreements, "more_agreements": len(asked_of) > WAITING}
    context |= {"count": len(waits) + len(agreements), "open_requests": shown[len(waiting) :]}
    return render(request, "portal/home.html", context | {"needs": topics(request.user.partner, now.date())})


@require_safe
@contact_required
def agreements(request):
    """List what the partner's company is asked to agree to, the oldest request first: about the next to expire."""
    page = keyset(consents.asked_of(request.user), ("ticket_id", "pk"), request)
    listed = rows.pending_agreements(page.rows, request.user, now=timezone.now())
    return render(request, "portal/agreements.html", {"agreements": listed, "page": page})


@require_safe
@contact_required
def search(request):
    """Search the portal; a submitted request number redirects straight to that request.

    While the user types, htmx queries it, and the home page stays until there are enough letters to search for.
    """
    query = parse_text(request.GET.get("q", ""), 200)
    number = parse_number(query.lstrip("#"))
    if number and not request.htmx and _mine(request).filter(pk=number).exists():
        return redirect("portal:request", number)
    if not query or (request.htmx and len(query) < LETTERS):
        return redirect("portal:home")
    return render(request, "portal/search.html", portal_search.read(request.user, query, today=timezone.now().date()))


@require_safe
@contact_required
def new(request):
    """List every type of request by topic."""
    shown = topics(request.user.partner, timezone.now().date())
    for topic in shown:
        topic["links"] = company.links() if topic["slug"] == "company" else []
    return render(request, "portal/new.html", {"topics": shown})


@require_safe
@contact_required
def requests(request):
    """List the partner's requests, filtered and searched."""
    found = PortalTicketFilter(request.GET, queryset=_mine(request))
    page = keyset(found.qs, ("-updated_at", "-number"), request)
    context = {
        "requests": rows.request_rows(page.rows),
        "filters": found.chips(request),
        "q": request.GET.get("q", ""),
        "kept": {"show": request.GET.get("show", "")},
        "files": addresses("portal:requests_file", query=query_of(request)),
        "page": page,
    }
    return render(request, "portal/requests.html", context)


@require_safe
@contact_required
def requests_file(request, kind):
    """Export the same requests as a file."""
    found = PortalTicketFilter(request.GET, queryset=_mine(request)).qs.order_by("-updated_at", "-number")
    lines = exports.rows(exports.listed(found), exports.of_partner)
    return answer(kind, f"requests-{timezone.now():%Y-%m-%d}", exports.heading(), lines)


def shown(request, number, *, message_form=None, step_forms=None, rating=None, status=200):
    """Render the partner's page of one request; forms with errors are shown again."""
    ticket = dossier.whole(request.user, number)
    if ticket is None:
        raise Http404
    part = {"since": parse_number(request.GET.get("from", ""), digits=18) or 0, "all_files": request.GET.get("files") == "all"}
    typed = {"message_form": message_form, "step_forms": step_forms, "rating": rating}
    context = pages.read(ticket, request.user, now=timezone.now(), **part, **typed)
    return render(request, "portal/request.html", context, status=status)


@require_safe
@contact_required
def request_page(request, number):
    """Show one request: its progress, conversation and costs."""
    return shown(request, number)


@require_safe
@contact_required
def news(request, number):
    """Answer the polling of a request's page: 204 without news, else the present page, from which the changed parts are swapped in."""
    ticket = get_visible_or_404(request.user, _asked_about, number=number)
    last = parse_number(request.GET.get("last", ""), digits=18) or 0
    return shown(request, number) if history.has_news(ticket, last) else HttpResponse(status=204)


_asked_about = PreparedQuery(
    lambda is_care: Ticket.objects.visible_to(Reader(is_care)).filter(pk=Parameter("number")).only("pk"), by_key=True
)


@partner_action
def reply(request, number):
    """Send the care team a message with files."""
    form = MessageForm(request.POST, author=request.user, today=timezone.now().date())
    if form.is_valid():
        text, files, now = form.cleaned_data["text"], request.FILES.getlist("attachments"), timezone.now()
        try:
            if conversation.reply(number, text, author=request.user, at=now, files=files, once=True).at < now:
                messages.info(request, SAID)
            return redirect(f"{reverse('portal:request', args=[number])}#timeline")
        except ValidationError as error:
            form.add_error("text", error)
        except NotNow as error:
            form.add_error("text", str(error))
    form.lost(request.FILES)
    return shown(request, number, message_form=form, status=400)


@partner_action
def withdraw(request, number):
    """Withdraw a request that has not been executed yet."""
    ticket = agent_actions.withdraw(number, actor=request.user, at=timezone.now())
    costs = rows.price(ticket.charges.all(), is_over=True)  # an earlier rejection may have cost something
    money = _("Earlier charges remain.") if costs else _("There is no charge.")
    messages.success(request, _("The request was withdrawn. %(money)s") % {"money": money})


@partner_action
def step(request, number, code):
    """Take one of the partner's steps."""
    ticket = _mine(request).get(pk=number)
    try:
        opened = execution.open_step(ticket, code, user=request.user)
    except NotNow:
        if ticket.execution == Ticket.Execution.DONE or code in kind_of(ticket).step_titles:
            raise
        raise Http404 from None
    form = opened.form(request.POST)
    if form.is_valid():
        try:
            execution.take_step(number, code, form, actor=request.user, at=timezone.now())
            return None
        except ValidationError as error:
            form.add_error(None, error)
    return shown(request, number, step_forms={code: form}, status=400)
