"""A new policy value is tried on past requests before it is added."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from desk.pages import rehearsal as pages
from partners.gates import care_required
from policies.admin import BUTTONS
from policies.catalog import POLICIES
from policies.forms import ValueForm
from tickets.services.rehearsal import rehearse


@require_POST
@care_required
def rehearsal(request, code):
    """Asked by the preview of a value in the admin site, for those who may add it; changes nothing."""
    if not request.user.is_staff or code not in POLICIES:
        raise Http404
    now = timezone.now()
    form = ValueForm(POLICIES[code], now.date(), request.POST)
    if not form.is_valid():
        return redirect("admin:policies_policyvalue_new", code)
    posted = [(name, value) for name, values in request.POST.lists() if name not in BUTTONS for value in values]
    told = rehearse(form.checked, request.user, at=now)
    return render(request, "desk/rehearsal.html", pages.read(POLICIES[code], form.checked, told, posted), status=200 if told else 409)
