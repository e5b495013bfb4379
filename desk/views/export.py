"""Lists and reports as files, without a cap: sent while they are read."""

from django.utils import timezone
from django.views.decorators.http import require_GET

from desk.filters import listed
from desk.pages import export
from partners import spreadsheets
from partners.gates import care_required


@require_GET
@care_required
def queue(request, kind):
    """What the queue lists for the same query, as CSV or XLSX."""
    name = f"tickets-{timezone.now():%Y-%m-%d}"
    tickets = listed(request).order_by("-updated_at", "-number")
    return spreadsheets.answer(kind, name, export.heading(), export.rows(tickets))
