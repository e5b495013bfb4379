"""The ticket preview next to the queue. Previewing does not mark anything as read."""

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
    """Show a ticket's latest messages, policy result, details and costs."""
    context = page.read(Ticket.objects.visible_to(request.user), number, now=timezone.now())
    if context is None:
        raise Http404
    return render(request, "desk/_queue_preview.html", context)
