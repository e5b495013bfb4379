"""Test a policy value on past requests before adding it. Only administrators can do either."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from desk.models import Rehearsal
from desk.pages import rehearsal as pages
from desk.services import rehearsal as service
from partners.gates import admin_required
from policies.admin import BUTTONS
from policies.catalog import POLICIES
from policies.forms import ValueForm
from web import spreadsheets


@require_POST
@admin_required
def rehearse(request, code):
    """Start a rehearsal from the value preview in the admin site; the worker runs it."""
    if code not in POLICIES:
        raise Http404
    now = timezone.now()
    form = ValueForm(POLICIES[code], now.date(), request.POST)
    if not form.is_valid():
        return redirect("admin:policies_policyvalue_new", code)
    posted = [(name, value) for name, values in request.POST.lists() if name not in BUTTONS for value in values]
    return redirect("desk:rehearsal", service.start(form.checked, request.user, at=now, posted=posted).pk)


@require_safe
@admin_required
def rehearsal(request, pk):
    """Show one rehearsal: progress and the requests whose result would differ."""
    return render(request, "desk/rehearsal.html", pages.read(_found(pk)))


@require_safe
@admin_required
def progress(request, pk):
    """Answer the page's poll while the rehearsal runs, and once when it has finished."""
    return render(request, "desk/_rehearsal_poll.html", pages.progress(_found(pk)))


@require_POST
@admin_required
def stop(request, pk):
    """Stop the rehearsal and keep the results so far."""
    service.stop(_found(pk), at=timezone.now())
    return redirect("desk:rehearsal", pk)


@require_safe
@admin_required
def file(request, pk, kind):
    """Return all requests whose result would differ, as CSV or XLSX."""
    told = _found(pk)
    return spreadsheets.answer(kind, f"rehearsal-{told.code}-{told.pk}", pages.HEADING, pages.file_rows(told))


def _found(pk):
    return get_object_or_404(Rehearsal.objects.select_related("by"), pk=pk, code__in=POLICIES)
