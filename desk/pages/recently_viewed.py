"""Recently viewed tickets, stored in a cookie so that viewing writes nothing to the database (docs/decisions/0130)."""

from django.conf import settings

from tickets.models import Ticket

COOKIE, LONG = "viewed", 10


def remember(response, request, number):
    """Put a ticket at the front of the user's list and return the response."""
    shown = [number, *(other for other in numbers(request) if other != number)][:LONG]
    response.set_cookie(
        COOKIE,
        ".".join(map(str, [request.user.pk, *shown])),
        max_age=settings.SESSION_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def numbers(request):
    """Return the ticket numbers, latest first; empty if the cookie belongs to another user of the same browser."""
    parts = request.COOKIES.get(COOKIE, "").split(".")[: LONG + 1]
    if not all(part.isascii() and part.isdigit() and len(part) < 15 for part in parts) or int(parts[0]) != request.user.pk:
        return []
    return [int(part) for part in parts[1:]]


def tickets(request):
    """Return these tickets, as far as they exist and are visible to the user, latest first. One query."""
    order = numbers(request)
    found = Ticket.objects.visible_to(request.user).select_related("partner").only(*SHOWN).in_bulk(order) if order else {}
    return [found[number] for number in order if number in found]


SHOWN = ("number", "subject", "status", "outcome", "type_code", "due_at", "awaiting_since", "updated_at", "partner__name")
