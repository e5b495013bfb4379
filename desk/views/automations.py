"""Automations: all agents can see them and their runs; only team leads can edit them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.forms import AutomationForm
from desk.models import Automation
from desk.pages import automations as pages
from desk.services import automations as service
from partners.gates import care_required
from web.paging import keyset
from web.seen_form import held


@require_safe
@care_required
def automations(request):
    """List all automations with their recent runs."""
    return render(
        request,
        "desk/automations.html",
        {"automations": pages.lines(at=timezone.now()), "rail_active": "automations", "may_change": request.user.may_override},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def automation(request, pk=None):
    """Show one automation: form, current matches, log. `look` previews the matches of the submitted form without saving."""
    thing = get_object_or_404(Automation, pk=pk) if pk else Automation(when="submitted")
    may_change, now = request.user.may_override, timezone.now()
    if not may_change and (request.method == "POST" or not pk):
        raise Http404
    matched = None
    with held(request, thing):
        form = AutomationForm(request.POST or None, instance=thing) if may_change else None
        if "more" in request.POST:
            form = AutomationForm(instance=thing, initial=form.as_typed())
        elif request.method == "POST" and form.is_valid():
            if "look" not in request.POST:
                service.save(thing, by=request.user, at=now)
                messages.success(request, _("“%(title)s” saved.") % {"title": thing.title})
                return redirect("desk:automation", thing.pk)
            matched = pages.matched(thing, at=now)
    is_flawed = bool(form and form.errors)
    runs = keyset(pages.runs(pk), ("-at", "-id"), request) if pk else None
    context = {
        "form": form,
        "thing": pages.shown(thing, is_whole=True) if pk and not is_flawed else None,
        "pk": pk,
        "matched": matched or (pages.matched(thing, at=now) if pk and not is_flawed else None),
        "runs": pages.log(runs.rows) if runs else (),
        "page": runs,
        "rail_active": "automations",
    }
    return render(request, "desk/automation.html", context, status=400 if is_flawed else 200)


@require_POST
@care_required
def automation_switch(request, pk):
    """Turn an automation on or off."""
    thing = get_object_or_404(Automation, pk=pk)
    if not request.user.may_override:
        raise Http404
    service.switch(thing, request.POST.get("on") == "1", by=request.user, at=timezone.now())
    said = _("“%(title)s” is now on.") if thing.is_active else _("“%(title)s” is now off.")
    messages.success(request, said % {"title": thing.title})
    return redirect("desk:automation", pk)
