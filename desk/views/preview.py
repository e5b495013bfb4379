"""A look at a ticket beside the queue. Looking marks nothing."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.pages import preview as page
from partners.gates import care_required
from tickets.models import Ticket


@require_safe
@care_required
def preview(request, number):
    """The last words on a ticket, how it was judged, what it is about and what it costs."""
    context = page.read(Ticket.objects.visible_to(request.user), number, now=timezone.now())
    if context is None:
        raise Http404
    return render(request, "desk/_queue_preview.html", context)
