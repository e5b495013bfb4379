"""The return sheet for a parcel of devices that a partner sends back (HW-3): for the partner, and for agents who help it."""

import qrcode
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners.gates import sign_in_required
from policies.models import PolicyValue
from tickets.models import Ticket
from tickets.models.ticket import long_columns
from tickets.types import kind_of

QUIET = 4  # the quiet zone around a QR code, in modules (ISO/IEC 18004)


@require_safe
@sign_in_required
def return_sheet(request, number):
    """Show the return sheet of a request, or the reason why there is none now."""
    tickets = Ticket.objects.visible_to(request.user).select_related("partner").defer(*long_columns())
    ticket = get_object_or_404(tickets, pk=number)
    sheet = kind_of(ticket).return_sheet(ticket, book=PolicyValue.objects.book(on=timezone.now().date()))
    context = {
        "ticket": ticket,
        "type_title": kind_of(ticket).title,
        "ticket_url": reverse("desk:ticket" if request.user.is_care else "portal:request", args=[number]),
        "sheet": sheet,
        "lines": [line.strip() for line in sheet.address.split(",")] if sheet else [],
        "code": code_of(str(number)),
    }
    return render(request, "tickets/return_sheet.html", context)


def code_of(text):
    """Return a QR code as an SVG path: {path, size}, one unit per module. The number alone opens the ticket in the desk's search."""
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return {"path": "".join(dark), "size": len(rows)}
