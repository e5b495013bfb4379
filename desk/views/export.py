"""Export the queue as a file of any length, streamed while it is read."""

from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.filters import narrowed, order_of
from desk.pages import export
from desk.views.time_limits import limit_export, too_long_a_list
from partners.gates import care_required
from tickets.pages import exports
from web import spreadsheets


@require_safe
@care_required
@limit_export(too_long_a_list)
def queue(request, kind):
    """Return the tickets the queue lists for the same query, as CSV or XLSX."""
    now = timezone.now()
    name = f"tickets-{now:%Y-%m-%d}"
    tickets = narrowed(request.GET, user=request.user, now=now)[1].order_by(*order_of(request.GET.get("order", ""))[1])
    return spreadsheets.answer(kind, name, export.heading(), exports.rows(exports.listed(tickets), export.row))
