"""Status changes and the timeline: the table of allowed transitions, and the two functions that write both."""

from django.utils.translation import gettext as _

from tickets.models import Event, Mail, Ticket
from tickets.services import clocks

S = Ticket.Status

TRANSITIONS = {
    S.NEW: {S.OPEN, S.PENDING, S.ON_HOLD, S.SOLVED},
    S.OPEN: {S.PENDING, S.ON_HOLD, S.SOLVED},
    S.PENDING: {S.OPEN, S.ON_HOLD, S.SOLVED},
    S.ON_HOLD: {S.OPEN, S.PENDING, S.SOLVED},
    S.SOLVED: {S.OPEN, S.CLOSED},
    S.CLOSED: set(),
}
# All but what the form said, how it was judged, and what full-text search reads: large, and not changed by moving on.
SAVED = [f.name for f in Ticket._meta.concrete_fields if f.name not in ("number", "answers", "verdict", "search")]


class NotNow(Exception):
    """What was asked cannot be done in the ticket's present state; the text says why, for people."""


def lock(number, *, visible=None):
    """The ticket with its row locked until the transaction ends. `visible` narrows who may see it (a queryset)."""
    rows = Ticket.objects.all() if visible is None else visible
    return rows.select_for_update(of=("self",)).select_related("partner", "requester", "assignee").get(pk=number)


def record(ticket, kind, *, at, actor=None, body="", internal=False, **data):
    """Add an event to the timeline, in the transaction of the change it tells about. Returns the Event."""
    return Event.objects.create(ticket=ticket, kind=kind, actor=actor, at=at, body=body, is_internal=internal, data=data)


def move(ticket, status, *, at, waiting_for="", outcome="", reason=""):
    """Put a locked ticket into a status (the same one is no move). Raises NotNow for a transition that is not in the table."""
    if status != ticket.status and status not in TRANSITIONS[ticket.status]:
        raise NotNow(
            _("A ticket that is %(now)s cannot become %(then)s.")
            % {"now": ticket.get_status_display().lower(), "then": S(status).label.lower()}
        )
    clocks.moving(ticket, status, outcome, at=at)
    ticket.status, ticket.waiting_for, ticket.outcome, ticket.reason = status, waiting_for, outcome, reason
    ticket.solved_at = at if status == S.SOLVED else None
    ticket.updated_at = at
    clocks.work_out(ticket, at=at)
    ticket.save(update_fields=SAVED)


def tell(ticket, kind, *, at, about, to=None):
    """Owe the requester (or `to`) a mail about an event; `about` makes it one mail, however often it is asked for."""
    Mail.objects.get_or_create(
        key=f"{kind}:{ticket.pk}:{about}", defaults={"kind": kind, "to": to or ticket.requester.email, "ticket": ticket, "created_at": at}
    )


def now_open(ticket, *, at):
    """A new ticket that somebody has begun to work on is open."""
    if ticket.status == S.NEW:
        move(ticket, S.OPEN, at=at, waiting_for=ticket.waiting_for)
