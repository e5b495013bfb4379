"""Rows of the agents' queue."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desk.pages import snoozed
from partners.users import initials_of
from tickets.models import Ticket, TicketCharge
from tickets.pages.rows import price
from tickets.services import history
from tickets.services.clocks import OVER
from tickets.types import kind_of

S, Outcome = Ticket.Status, Ticket.Outcome
# (tone, icon, label) as in components/status.html; the party it waits for is shown below. Duplicated because a template per row is slow.
STATES = {
    Outcome.EXECUTED: ("ok", "check", _("Done")),
    Outcome.DECLINED: ("bad", "cross", _("Declined")),
    Outcome.ANSWERED: ("ok", "reply", _("Answered")),
    Outcome.REJECTED: ("bad", "cross", _("Rejected")),
    Outcome.WITHDRAWN: ("", "undo", _("Withdrawn")),
    Outcome.MERGED: ("", "link", _("Merged")),
    S.NEW: ("info", "circle", _("New")),
    S.OPEN: ("info", "circle-half", _("Open")),
    S.PENDING: ("warn", "reply", _("Waiting")),
    S.ON_HOLD: ("", "pause", _("On hold")),
    S.SOLVED: ("ok", "check", _("Solved")),
    S.CLOSED: ("", "lock", _("Closed")),
}
FIELDS = ("number", "subject", "type_code", "status", "outcome", "waiting_for", "priority", "updated_at", "created_at", "due_at", "tags")
FIELDS += ("snoozed_until", "partner__region", "partner__name", "partner__code", "assignee__full_name", "assignee__email")
WAITING = dict(Ticket.WaitingFor.choices) | {Ticket.WaitingFor.PARTIES.value: _("confirmations")}


def ready(tickets):
    """Return the queryset as named tuples, which is all that rows need: model instances take twice as long."""
    return tickets.values_list(*FIELDS, named=True)


def read(tickets, columns, *, now, soon):
    """Return the queue rows for tickets prepared by `ready`. Due times before `soon` count as due soon.

    One query for the fee column and one for the last messages, if shown.
    """
    said = history.last_said([t.number for t in tickets]) if "last" in columns else {}
    fees = _fees(tickets) if "fee" in columns else {}
    desk = reverse("desk:queue")
    return [
        {
            "number": t.number,
            "url": f"{desk}{t.number}/",
            "preview_url": f"{desk}{t.number}/preview/",
            "subject": t.subject,
            "icon": kind_of(t).icon,
            "type_title": str(kind_of(t).title),
            "partner": t.partner__name,
            "code": t.partner__code,
            "state": STATES[t.outcome or t.status],
            "priority": "critical" if t.priority == Ticket.Priority.CRITICAL else "",
            "owner": t.assignee__full_name or t.assignee__email or "",
            "owner_initials": initials_of(t.assignee__full_name or t.assignee__email or ""),
            "unread": t.status == S.NEW,
            "updated_at": t.updated_at,
            "created_at": t.created_at,
            "due_at": t.due_at,
            "due": urgency(t, now, soon),
            "tags": t.tags,
            "snoozed": snoozed.until(t.snoozed_until, t.partner__region, now) if t.snoozed_until else "",
            "waiting": str(WAITING[t.waiting_for]) if t.waiting_for else "",
            "last": said.get(t.number, ""),
            "fee": fees.get(t.number),
        }
        for t in tickets
    ]


def urgency(ticket, now, soon):
    """Return how urgent a ticket's due time is: ok, soon or over; "" if it has none."""
    if not ticket.due_at:
        return ""
    return "over" if ticket.due_at <= now else "soon" if ticket.due_at <= soon else "ok"


def _fees(tickets):
    """Return {number: {currency: amount}} with the fees shown in each ticket's header. One query."""
    charges = {t.number: [] for t in tickets}
    columns = ("ticket", "kind", "amount", "currency", "due_at", "contingent")
    for charge in TicketCharge.objects.filter(ticket__in=charges).values_list(*columns, named=True):
        charges[charge.ticket].append(charge)
    return {t.number: price(charges[t.number], is_over=t.status in OVER) for t in tickets}
