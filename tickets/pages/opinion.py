"""Did this help? What a partner's page asks once a request is solved, or what was answered."""

from django.urls import reverse

from policies.models import PolicyValue
from tickets.forms import SatisfactionForm
from tickets.services import satisfaction


def read(ticket, form=None, *, user, today):
    """For portal/_opinion.html, None while nothing is asked. `form` brings back what could not be kept. One query at most."""
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
