"""Ticket preview: latest messages, policy result, details and charges."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.filters import soon
from desk.pages import snoozed
from desk.pages.rows import STATES, urgency
from policies.verdict import CHARGE
from tickets.models import Event, Ticket, TicketCharge
from tickets.models.ticket import long_columns
from tickets.pages import answers, rows
from tickets.services import history
from tickets.types import kind_of

LAST = 3
LONGEST = 1200
OUTCOMES = {
    "allowed": ("ok", "check-circle", gettext_lazy("Allowed")),
    "needs_review": ("warn", "scale", gettext_lazy("Needs review")),
    "denied": ("bad", "ban", gettext_lazy("Not possible")),
}


def read(tickets, number, *, now):
    """Return the context of desk/_queue_preview.html, or None. Three queries, plus one per kind of asset in the answers."""
    found = tickets.select_related("partner", "requester", "assignee").defer(*long_columns(but=("answers", "verdict")))
    ticket = found.filter(pk=number).first()
    if ticket is None:
        return None
    ticket._prefetched_objects_cache = {"charges": list(TicketCharge.objects.filter(ticket=ticket).select_related("payer").order_by("pk"))}
    texts = Event.objects.filter(ticket=ticket, kind__in=history.SAID_HERE).exclude(body="").select_related("actor").order_by("-at", "-pk")
    is_open = ticket.may_execute and ticket.waiting_for != Ticket.WaitingFor.PARTIES  # otherwise the stored verdict no longer matters
    verdict = ticket.verdict if is_open else {}
    return {
        "number": ticket.number,
        "url": reverse("desk:ticket", args=[number]),
        "subject": ticket.subject,
        "type_title": kind_of(ticket).title,
        "icon": kind_of(ticket).icon,
        "state": STATES[ticket.outcome or ticket.status],
        "partner": ticket.partner,
        "requester": ticket.requester,
        "owner": ticket.assignee,
        "waiting": ticket.get_waiting_for_display() if ticket.waiting_for else "",
        "created_at": ticket.created_at,
        "due_at": ticket.due_at,
        "due": urgency(ticket, now, soon(now)),
        "tags": ticket.tags,
        "snoozed": snoozed.until(ticket.snoozed_until, ticket.partner.region, now),
        "outcome": OUTCOMES.get(verdict.get("outcome")),
        "findings": [f["message"] for f in verdict.get("findings", ()) if f["effect"] != CHARGE][:LAST],
        "answers": answers.read(ticket, answers.titles_from_database(ticket)),
        **rows.charge_tables(ticket),
        "conversation": [_message(event) for event in reversed(texts[:LAST])],
    }


def _message(event):
    return {
        "author": str(event.actor) if event.actor else _("Careline"),
        "initials": event.actor.initials if event.actor else "C",
        "is_staff": bool(event.actor and event.actor.is_care),
        "is_internal": event.is_internal,
        "at": event.at,
        "text": event.body[:LONGEST],
        "is_cut": len(event.body) > LONGEST,
    }
