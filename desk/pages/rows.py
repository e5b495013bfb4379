"""Rows of the agents' queue."""

from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tickets.models import Event, Ticket
from tickets.pages.rows import charges_that_count
from tickets.pages.timeline import initials
from tickets.types import kind_of

S, Outcome, K = Ticket.Status, Ticket.Outcome, Event.Kind
SAID = (K.SUBMITTED, K.MESSAGE, K.NOTE, K.QUESTION, K.ANSWERED, K.REJECTED)
# (tone, icon, words) as components/status.html has them; written out, because a template for each row would cost time.
STATES = {
    Outcome.EXECUTED: ("ok", "check", _("Done")),
    Outcome.ANSWERED: ("ok", "reply", _("Answered")),
    Outcome.REJECTED: ("bad", "cross", _("Rejected")),
    Outcome.WITHDRAWN: ("", "undo", _("Withdrawn")),
    Outcome.MERGED: ("", "link", _("Merged")),
    S.NEW: ("info", "circle", _("New")),
    S.OPEN: ("info", "circle-half", _("Open")),
    S.PENDING: ("warn", "reply", _("Waiting for partner")),
    S.ON_HOLD: ("", "pause", _("On hold")),
    S.SOLVED: ("ok", "check", _("Solved")),
    S.CLOSED: ("", "lock", _("Closed")),
}
LEFT_OUT = ("answers", "search", "search_internal", "execution_verdict", "pauses")


def ready(tickets, columns):
    """The queryset with what the rows of these columns read."""
    tickets = tickets.select_related("partner", "assignee").defer(*LEFT_OUT, "verdict")
    return tickets.prefetch_related("charges") if "fee" in columns else tickets


def read(tickets, columns, *, now, soon):
    """Rows of the agents' queue, of tickets that were made `ready`. `soon` is the moment before which a due time is near.

    One more query where the last messages are shown.
    """
    said = last_messages(tickets) if "last" in columns else {}
    desk = reverse("desk:queue")
    return [
        {
            "number": t.number,
            "url": f"{desk}{t.number}/",
            "preview_url": f"{desk}{t.number}/preview/",
            "subject": t.subject,
            "icon": kind_of(t).icon,
            "type_title": str(kind_of(t).title),
            "partner": t.partner.name,
            "code": t.partner.code,
            "state": STATES[t.outcome or t.status],
            "priority": "critical" if t.priority == t.Priority.CRITICAL else "",
            "owner": str(t.assignee) if t.assignee else "",
            "owner_initials": initials(t.assignee),
            "unread": t.status == t.Status.NEW,
            "updated_at": t.updated_at,
            "created_at": t.created_at,
            "due_at": t.due_at,
            "due": _due(t, now, soon),
            "tags": t.tags,
            "waiting": str(t.get_waiting_for_display()) if t.waiting_for else "",
            "last": said.get(t.number, ""),
            **(_fee(t) if "fee" in columns else {}),
        }
        for t in tickets
    ]


def _due(ticket, now, soon):
    if not ticket.due_at:
        return ""
    return "over" if ticket.due_at <= now else "soon" if ticket.due_at <= soon else "ok"


def _fee(ticket):
    charges = ticket.charges.all()
    amount = sum(c.amount for c in charges_that_count(ticket, charges) if not c.is_credit) if charges else 0
    return {"fee_amount": amount or None, "fee_currency": charges[0].currency if charges else ""}


def last_messages(tickets):
    """{number: the beginning of what was said last} of these tickets. One query."""
    said = Event.objects.filter(ticket__in=[t.pk for t in tickets], kind__in=SAID).exclude(body="")
    return dict(said.order_by("ticket", "-at", "-pk").distinct("ticket").values_list("ticket", Left("body", 160)))
