"""The sheet that lies in the parcel with devices that a partner sends back (HW-3): for the partner, and for agents that it asks."""

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

QUIET = 4  # modules of white around a QR code (ISO/IEC 18004)


@require_safe
@sign_in_required
def return_sheet(request, number):
    """The sheet of a request, or why there is none now."""
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
    """A QR code as the path of an SVG: {path, size}, a unit a module. The number alone opens the ticket in the search of the desk."""
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return {"path": "".join(dark), "size": len(rows)}
