"""Correct request details in place: open the fields, then save them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.pages import ticket_data
from desk.views.actions import action, seen_of
from desk.views.ticket import shown
from partners.gates import care_required
from tickets.models import Ticket
from tickets.services import correcting
from tickets.types import kind_of


def correct(request, number):
    """Open the fields on GET, which changes nothing; save them on POST."""
    return _save(request, number) if request.method == "POST" else _open(request, number)


@require_safe
@care_required
def _open(request, number):
    """Render the fields alone for htmx, otherwise within the ticket page (without JavaScript)."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user).select_related("partner"), pk=number)
    why = correcting.why_not(ticket)
    if request.htmx:
        context = ticket_data.opened(ticket, ticket_data.Correction(), now=timezone.now()) if not why else {"why_not_correct": why}
        return render(request, "desk/ticket/data.html" if why else "desk/ticket/correct.html", context)
    return shown(request, number, correction=None if why else ticket_data.Correction())


@action
def _save(request, number):
    """Save the correction, or show the form again as submitted."""
    kind = kind_of(Ticket.objects.only("type_code").get(pk=number))
    seen, leave = seen_of(request)
    given = correcting.typed(kind, request.POST)
    try:
        event = correcting.correct(number, given, seen=seen, leave=leave, actor=request.user, at=timezone.now())
    except correcting.NotValid as flawed:
        return shown(request, number, correction=ticket_data.Correction(flawed.form, seen), status=400)
    except correcting.Refused as refused:
        return shown(request, number, correction=ticket_data.Correction(refused.form, seen, refused), status=422)
    if event is None:
        messages.info(request, _("Nothing changed: the details are the same as before."))
    else:
        messages.success(request, _("Correction saved. We have told the partner what changed."))
    return redirect(f"{reverse('desk:ticket', args=[number])}#ticket-data")
