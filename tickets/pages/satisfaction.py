"""The satisfaction question on the partner's page of a solved request, or the answer to it."""

from django.urls import reverse

from policies.models import PolicyValue
from tickets.forms import SatisfactionForm
from tickets.services import satisfaction


def read(ticket, form=None, *, user, today):
    """Return the context of portal/_satisfaction.html, or None. A `form` with errors is shown again. At most one query."""
    if not ticket.asks_opinion:
        return None
    book = PolicyValue.objects.book(on=today)
    answered = satisfaction.has_answered(ticket)
    may = satisfaction.may_answer(ticket, satisfaction.answers_of(ticket, ticket.events.all()), book=book)
    known = {"satisfied": "yes" if ticket.is_satisfied else "no", "note": ticket.satisfaction_note} if answered else {}
    return {
        "answered": answered,
        "satisfied": ticket.is_satisfied,
        "note": ticket.satisfaction_note,
        "until": satisfaction.last_day(ticket, book=book) if answered and may else None,
        "form": (form or SatisfactionForm(initial=known, author=user, today=today, auto_id="opinion_%s")) if may else None,
        "url": reverse("portal:rate", args=[ticket.pk]),
        "is_open": bool(form),
    }
