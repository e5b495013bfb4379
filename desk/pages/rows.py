"""Rows of the agents' queue."""

from django.urls import reverse

from tickets.pages.rows import charges_that_count
from tickets.pages.timeline import initials
from tickets.types import kind_of


def read(tickets):
    """Rows of the agents' queue; the tickets come with partner, assignee and charges."""
    return [
        {
            "number": t.number,
            "url": reverse("desk:ticket", args=[t.number]),
            "subject": t.subject,
            "icon": kind_of(t).icon,
            "type_title": str(kind_of(t).title),
            "partner": t.partner.name,
            "asset": t.partner.code,
            "status": t.status,
            "outcome": t.outcome,
            "priority": "critical" if t.priority == t.Priority.CRITICAL else "",
            "fee_amount": sum(c.amount for c in charges_that_count(t, t.charges.all()) if not c.is_credit) or None,
            "fee_currency": next((c.currency for c in t.charges.all()), ""),
            "owner": str(t.assignee) if t.assignee else "",
            "owner_initials": initials(t.assignee),
            "unread": t.status == t.Status.NEW,
            "updated_at": t.updated_at,
            "snippet": str(t.get_waiting_for_display()) if t.waiting_for else "",
        }
        for t in tickets
    ]
