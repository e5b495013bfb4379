"""Status changes and the timeline: the table of allowed transitions, and the functions that write both."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _

from engine.prepared_inserts import PreparedInsert
from engine.prepared_queries import Parameter, PreparedQuery
from tickets import snoozing
from tickets.models import Event, Follower, Mail, Override, Ticket
from tickets.services import clocks

S = Ticket.Status
_CAUSE = ContextVar("cause", default=None)

TRANSITIONS = {
    S.NEW: {S.OPEN, S.PENDING, S.ON_HOLD, S.SOLVED},
    S.OPEN: {S.PENDING, S.ON_HOLD, S.SOLVED},
    S.PENDING: {S.OPEN, S.ON_HOLD, S.SOLVED},
    S.ON_HOLD: {S.OPEN, S.PENDING, S.SOLVED},
    S.SOLVED: {S.OPEN, S.CLOSED},
    S.CLOSED: set(),
}
# All columns except the answers, the verdict and the search vectors: these are large, and a status change does not alter them.
KEPT = {"number", "answers", "verdict", "search", "search_internal"}
SAVED = [f.name for f in Ticket._meta.concrete_fields if f.name not in KEPT]


class NotNow(Exception):
    """The action is not possible in the ticket's current state; the message gives the reason for the user."""


def lock(number, *, visible=None):
    """Return the ticket with its row locked until the transaction ends. `visible` (a queryset) restricts who may see it."""
    if visible is not None:
        return _to_lock(visible).get(pk=number)
    ticket = _locked.first(number=number)
    if ticket is None:
        raise Ticket.DoesNotExist
    return ticket


def _to_lock(rows):
    """Join only what never changes: a statement that waits for a lock gets the latest row, but joined rows as they were before (0409)."""
    rows = rows.defer("search", "search_internal")  # updated only by appending, see finding
    return rows.order_by().select_for_update(no_key=True, of=("self",)).select_related("partner", "requester")


_locked = PreparedQuery(lambda: _to_lock(Ticket.objects.filter(pk=Parameter("number"))), by_key=True)


def claim(number):
    """Return the ticket with its row locked, or None while somebody else holds it: the sweep tries again.

    Workers are few and must not wait for locks. Every writer of a ticket's rows takes this lock first, to avoid deadlocks.
    """
    return _claimed.first(number=number)


_claimed = PreparedQuery(
    lambda: _to_lock(Ticket.objects.filter(pk=Parameter("number"))).select_for_update(no_key=True, skip_locked=True, of=("self",)),
    by_key=True,
)


@contextmanager
def with_cause(**cause):
    """Add the cause, such as an automation or a bulk change, to the data of every event recorded inside the context."""
    token = _CAUSE.set(cause)
    try:
        yield
    finally:
        _CAUSE.reset(token)


_write = PreparedInsert(Event)


def record(ticket, kind, *, at, actor=None, body="", internal=False, **data):
    """Add an event to the timeline, in the transaction of the change. Return the Event, which is also added to ticket.recorded."""
    event = Event(ticket=ticket, kind=kind, actor=actor, at=at, body=body, is_internal=internal, data=data | (_CAUSE.get() or {}))
    _write(event)
    ticket.__dict__.setdefault("recorded", []).append(event)
    _may_wake(ticket, kind, actor, data, at)
    return event


def record_change(ticket, field, old, new, *, at, actor, kind=Event.Kind.STATUS, body=""):
    """Record for the care team that a field of the ticket changed from `old` to `new`, as displayed. Return the Event."""
    return record(ticket, kind, actor=actor, at=at, body=body, internal=True, field=field, old=str(old), new=str(new))


def record_override(ticket, rule, reason, *, by, at):
    """Record that an authorised person overrode this rule's findings on the ticket, with the reason, for the care team."""
    Override.objects.create(ticket=ticket, rule=rule, reason=reason, by=by, at=at)
    record(ticket, Event.Kind.OVERRIDDEN, actor=by, at=at, body=reason, internal=True, rule=rule)


def record_many(entries, kind, *, at, actor):
    """Record internal events for many tickets at once; `entries` are pairs of a ticket and its data."""
    cause, entries = _CAUSE.get() or {}, list(entries)
    Event.objects.bulk_create(
        Event(ticket=ticket, kind=kind, actor=actor, at=at, is_internal=True, data=data | cause) for ticket, data in entries
    )
    for ticket, data in entries:
        _may_wake(ticket, kind, actor, data, at)


def set_snooze(ticket, until, *, actor, at):
    """Snooze a locked ticket until then, or wake it (None), and record it for the care team."""
    words = [moment and snoozing.in_words(clocks.promises(at), ticket.partner.region, moment) for moment in (ticket.snoozed_until, until)]
    ticket.snoozed_until = until
    ticket.save(update_fields=["snoozed_until"])
    record_change(ticket, "snoozed_until", words[0] or "", words[1] or "", actor=actor, at=at)


def _may_wake(ticket, kind, actor, data, at):
    """Wake a snoozed ticket because of an event on it; no other code does so.

    If a care team member caused the event, wake it directly; otherwise end the snooze now and let the sweep wake it and notify the owner.
    """
    if not (ticket.snoozed_until and ticket.snoozed_until > at and snoozing.is_ended_by(kind, actor, data)):
        return
    if actor and actor.is_care:
        set_snooze(ticket, None, actor=actor, at=at)
    else:
        ticket.snoozed_until = at
        ticket.save(update_fields=["snoozed_until"])


def ensure_not_merged(ticket):
    """Raise NotNow for a merged ticket, which continues in another one."""
    if ticket.merged_into_id:
        raise NotNow(_("This ticket continues in #%(number)s. Write there instead.") % {"number": ticket.merged_into_id})


def move(ticket, status, *, at, waiting_for="", outcome="", reason=""):
    """Change the status of a locked ticket (keeping the same one is allowed).

    Raise NotNow for a transition that is not in the table, and for a merged ticket unless it stays solved or closed.
    """
    if status not in clocks.OVER:
        ensure_not_merged(ticket)
    if status != ticket.status and status not in TRANSITIONS[ticket.status]:
        raise NotNow(
            _("A ticket cannot change from %(now)s to %(then)s.")
            % {"now": ticket.get_status_display().lower(), "then": S(status).label.lower()}
        )
    clocks.moving(ticket, status, outcome, at=at)
    ticket.status, ticket.waiting_for, ticket.outcome, ticket.reason = status, waiting_for, outcome, reason
    if status in clocks.OVER:
        ticket.snoozed_until = None
    if status != S.CLOSED:  # closing keeps the time of the solution
        ticket.solved_at = at if status == S.SOLVED else None
    ticket.updated_at = at
    clocks.recalculate(ticket, at=at)
    ticket.save(update_fields=SAVED)


def owe_email(ticket, kind, *, at, about, has_followers=True):
    """Owe the requester and the partner's followers an e-mail about an event.

    `about` limits it to one e-mail per person, however often this is called. Staff who follow, or are the requester, are notified at
    the desk. Pass has_followers=False to save the query if there are no followers.
    """
    owed = {"kind": kind, "ticket": ticket, "created_at": at}
    if ticket.has_lost_its_requester:
        _find_a_follower(ticket, at)
    elif not ticket.requester.is_care:
        _owe(Mail(key=f"{kind}:{ticket.pk}:{about}", to=ticket.requester.email, **owed))
    if has_followers:
        followers = _following(ticket).exclude(user=ticket.requester_id)
        mails = [
            Mail(key=f"{kind}:{ticket.pk}:to{user}:{about}", to=email, data={"reader": name}, **owed)
            for user, email, name in followers.values_list("user", "user__email", "user__full_name")
        ]
        Mail.objects.bulk_create(mails, ignore_conflicts=True)


_owe = PreparedInsert(Mail, once=True)


def _following(ticket):
    return Follower.objects.filter(ticket=ticket, user__partner=ticket.partner_id, user__is_active=True)


def _find_a_follower(ticket, at):
    """Make the partner's first contact follow a ticket whose requester no longer has access, unless a colleague follows it."""
    first = None if _following(ticket).exists() else ticket.partner.first_contact()
    if first:
        Follower.objects.create(ticket=ticket, user=first, added_by=first, at=at)
        record(ticket, Event.Kind.FOLLOWED, at=at, new=str(first), instead_of=str(ticket.requester))


def open_if_new(ticket, *, at):
    """Open a new ticket that somebody has begun to work on."""
    if ticket.status == S.NEW:
        move(ticket, S.OPEN, at=at, waiting_for=ticket.waiting_for)
