"""Bulk changes: select, preview, confirm, watch and undo."""

import uuid
from datetime import timedelta
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.forms import action_choices, split
from desk.models import BulkJob, Macro
from desk.pages import jobs as pages
from desk.pages import snoozed
from desk.services import action_runner
from desk.services import bulk as service
from partners.gates import care_required
from tickets.services.lifecycle import NotNow
from web.paging import keyset
from web.user_input import parse_number, parse_uuid

FRESH = timedelta(seconds=20)
LONGEST = BulkJob._meta.get_field("query").max_length


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def bulk(request):
    """On GET, render the actions of the selection bar. On POST, preview the change, or start it if `confirmed`."""
    if request.method != "POST":
        return render(request, "desk/_bulk_do.html", _choices(request.user))
    try:
        which = _which(request.POST)
        tickets = service.tickets_of(user=request.user, at=timezone.now(), **which)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_back(request))
    asked = {name: request.POST.get(name, "") for name in ("do", "value", "macro")}
    try:
        title, actions = _wanted(asked, request.user)
    except ValidationError as error:
        problem = " ".join(error.messages) if asked["do"] or asked["macro"] else ""
        context = {**_choices(request.user), **_again(request, which), "asked": asked, "problem": problem, "rail_active": "jobs"}
        return render(request, "desk/bulk.html", context, status=400 if problem else 200)
    is_again = request.POST.get("again") == "1"
    if request.POST.get("confirmed"):
        key = parse_uuid(request.POST.get("key", ""))
        job = service.start(actions=actions, title=title, by=request.user, at=timezone.now(), key=key, is_again=is_again, **which)
        return redirect(_back(request, otherwise=reverse("desk:job", args=[job.pk])))
    context = _foreseen(request.user, tickets, actions, is_again=is_again)
    context |= {**_again(request, which), "asked": asked, "title": title, "key": uuid.uuid4(), "rail_active": "jobs"}
    return render(request, "desk/bulk.html", context)


def _foreseen(user, tickets, actions, *, is_again):
    """Return what the preview says the change would do."""
    now = timezone.now()
    told = service.done_recently(actions, by=user, at=now)
    n = tickets.filter(told).count()
    tickets = tickets if is_again else tickets.exclude(told)
    seen = service.preview(tickets, actions, actor=user)
    lines = action_runner.describe(actions, user=user, is_whole=True, is_to_be_done=True)
    return {
        "actions": lines,
        "example": pages.example(lines, tickets, user),
        "seen": seen | {"total": seen["total"] + (0 if is_again else n)},
        "changed": seen["total"] - seen["idle"] - seen["refused"] - seen["lacking"],
        "skipped": [*pages.sent_recently(n, is_again=is_again), *snoozed.foreseen(actions, tickets, now), *pages.skipped(seen)],
        "tickets": pages.sample(tickets),
        "can_be_undone": not action_runner.writes_messages(actions),
        "is_silent": action_runner.is_silent(actions),
        "is_again": is_again,
        "may_again": bool(n) and not is_again,
    }


@require_safe
@care_required
def jobs(request):
    """List bulk changes, one's own or everyone's."""
    whose = request.GET.get("by", "")
    found = BulkJob.objects.filter(Q(key__isnull=False) | Q(total__gt=1) | Q(state__in=service.MOVING)).select_related("by")
    found = found if whose == "all" else found.filter(by=request.user)
    page = keyset(found, ("-created_at", "-id"), request)
    tabs = [
        {"label": _("Mine"), "url": reverse("desk:jobs"), "active": whose != "all"},
        {"label": _("Everyone’s"), "url": f"{reverse('desk:jobs')}?by=all", "active": whose == "all"},
    ]
    shown = [pages.row(job, request.user) for job in page.rows]
    context = {"jobs": shown, "whose": tabs, "page": page, "rail_active": "jobs"}
    return render(request, "desk/jobs.html", context)


@require_safe
@care_required
def job(request, pk):
    """Show one job: its progress and failures."""
    found = get_object_or_404(BulkJob.objects.select_related("by"), pk=pk)
    return render(request, "desk/job.html", pages.page_context(found, request.user) | {"rail_active": "jobs"})


@require_safe
@care_required
def job_progress(request, pk):
    """Answer the job page's poll while the job runs, and once when it has finished."""
    found = get_object_or_404(BulkJob.objects.select_related("by"), pk=pk)
    is_moving = found.state in service.MOVING
    context = {"job": pages.detail(found, request.user)} if is_moving else pages.page_context(found, request.user)
    return render(request, "desk/_job_poll.html", context)


@require_safe
@care_required
def job_toast(request):
    """Return the agent's running or just finished job as a self-updating toast; with `job`, that job in any state."""
    own = BulkJob.objects.filter(by=request.user).select_related("by").order_by("-created_at")
    asked = parse_number(request.GET.get("job", ""))
    fresh = Q(state__in=service.MOVING) | Q(key__isnull=False, finished_at__gt=timezone.now() - FRESH)
    found = own.filter(pk=asked).first() if asked is not None else own.filter(fresh).first()
    if found is None:
        return HttpResponse(status=204)
    return render(request, "desk/_job_toast.html", {"job": pages.detail(found, request.user)})


@require_POST
@care_required
def job_undo(request, pk):
    """Undo a job, except where something has changed since."""
    found = get_object_or_404(BulkJob, pk=pk)
    try:
        service.undo(found, by=request.user, at=timezone.now())
    except (NotNow, PermissionError) as error:
        messages.error(request, str(error))
    return redirect("desk:job", pk)


def _which(data):
    """Return the selected numbers, or the queue's query with the newest ticket that existed at first submission."""
    if "query" in data:
        if len(data["query"]) > LONGEST:  # a truncated filter would change more tickets than the agent sees
            raise ValidationError(_("This view has too many filters for a bulk change. Remove some of them."))
        return {"query": data["query"], "newest": parse_number(data.get("newest", "")) or service.newest_number()}
    numbers = [number for text in data.getlist("numbers") if (number := parse_number(text)) is not None]
    if not numbers:
        raise ValidationError(_("Select at least one ticket."))
    return {"numbers": numbers}


def _wanted(asked, user):
    """Return (title, actions) for the choice. Raise ValidationError if it is invalid."""
    if asked["macro"] or asked["do"].startswith("macro:"):
        macro = Macro.objects.offered_to(user).filter(pk=parse_number(asked["macro"] or asked["do"].partition(":")[2])).first()
        if macro is None:
            raise ValidationError(_("This macro is no longer available."))
        return macro.title, macro.actions
    actions = [action_runner.stored_action(*split(asked["do"], asked["value"]), user=user, at=timezone.now())]
    return action_runner.describe(actions, user=user)[0], actions


def _choices(user):
    own = [(f"macro:{macro.pk}", macro.title) for macro in Macro.objects.offered_to(user)]
    known = ((value, label) if isinstance(label, list) else ("", [(value, label)]) for value, label in action_choices(user))
    dates = {f"snooze:{choice}": words for choice, words in snoozed.dates(timezone.now())}
    dated = ((group, [(v, f"{label} ({dates[v]})" if v in dates else label) for v, label in options]) for group, options in known)
    return {"groups": [(_("Macros"), own), *dated]}


def _again(request, which):
    """Return what the next form carries along."""
    return {"numbers": (), "query": None, **which, "back": _back(request, otherwise="")}


def _back(request, otherwise=None):
    """Return the page the agent came from."""
    back = request.POST.get("back") or request.headers.get("Referer", "")
    home = reverse("desk:queue") if otherwise is None else otherwise
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    if not is_ours or not urlsplit(back).path.startswith("/"):  # redirect() would resolve a bare word as a URL name
        return home
    return home if reverse("desk:bulk") in back else back
