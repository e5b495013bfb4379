"""Agents' corrections of a partner's answers, in one line, and the state that must not change where nothing is saved."""

from tickets.models import Event, Mail, Ticket
from tickets.services import correcting
from tickets.types import kind_of

RMA = {"kind": "warranty", "fault": "The display stays dark.", "replacement": "new", "delivery_address": "Kai 1\n24103 Kiel"}


def corrected(ticket, agent, at, *, seen=None, **given):
    """Correct these fields like somebody who has just opened the form."""
    ticket.refresh_from_db()
    kind = kind_of(ticket)
    there = {name: ticket.answers.get(name) for name in correcting.fields(kind)}
    seen = correcting.texts(kind, ticket.answers) if seen is None else seen
    event = correcting.correct(ticket.pk, there | given, seen=seen, actor=agent, at=at)
    ticket.refresh_from_db()
    return event


def snapshot(ticket):
    """Return everything that a correction could change."""
    row = Ticket.objects.values("answers", "verdict", "subject", "topic", "status", "updated_at", "search").get(pk=ticket.pk)
    return row, list(ticket.charges.order_by("pk").values()), Event.objects.count(), Mail.objects.count()
