"""Status changes and the timeline: the table of allowed transitions, and the two functions that write both."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _

from engine.new_rows import NewRow
from engine.prepared import Given, Prepared
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
# All but what the form said, how it was judged, and what full-text search reads: large, and not changed by moving on.
KEPT = {"number", "answers", "verdict", "search", "search_internal"}
SAVED = [f.name for f in Ticket._meta.concrete_fields if f.name not in KEPT]


class NotNow(Exception):
    """What was asked cannot be done in the ticket's present state; the text says why, for people."""


def lock(number, *, visible=None):
    """The ticket with its row locked until the transaction ends. `visible` narrows who may see it (a queryset)."""
    if visible is not None:
        return _to_lock(visible).get(pk=number)
    ticket = _locked.first(number=number)
    if ticket is None:
        raise Ticket.DoesNotExist
    return ticket


def _to_lock(rows):
    rows = rows.defer("search", "search_internal")  # they only grow, see finding
    return rows.order_by().select_for_update(no_key=True, of=("self",)).select_related("partner", "requester", "assignee")


_locked = Prepared(lambda: _to_lock(Ticket.objects.filter(pk=Given("number"))), by_key=True)


def claim(number):
    """The ticket with its row locked, or None while somebody else has it: the sweep tells again.

    Workers have few places; nobody waits in one. Every writer of a ticket's rows takes this lock first (no deadlocks).
    """
    return _claimed.first(number=number)


_claimed = Prepared(
    lambda: _to_lock(Ticket.objects.filter(pk=Given("number"))).select_for_update(no_key=True, skip_locked=True, of=("self",)),
    by_key=True,
)


@contextmanager
def because(**cause):
    """Every event that is recorded inside says in its data what caused it: an automation, a job of many changes."""
    token = _CAUSE.set(cause)
    try:
        yield
    finally:
        _CAUSE.reset(token)


_write = NewRow(Event)


def record(ticket, kind, *, at, actor=None, body="", internal=False, **data):
    """Add an event to the timeline, in the transaction of the change it tells about. Returns the Event, which ticket.recorded has too."""
    event = Event(ticket=ticket, kind=kind, actor=actor, at=at, body=body, is_internal=internal, data=data | (_CAUSE.get() or {}))
    _write(event)
    ticket.__dict__.setdefault("recorded", []).append(event)
    _may_wake(ticket, kind, actor, data, at)
    return event


def record_change(ticket, field, old, new, *, at, actor, kind=Event.Kind.STATUS, body=""):
    """Tell the care team that a field of the ticket, shown as `old`, is shown as `new` now. Returns the Event."""
    return record(ticket, kind, actor=actor, at=at, body=body, internal=True, field=field, old=str(old), new=str(new))


def set_rule_aside(ticket, rule, reason, *, by, at):
    """Keep that somebody with the right set this rule's findings on the ticket aside, with the reason, and tell the care team."""
    Override.objects.create(ticket=ticket, rule=rule, reason=reason, by=by, at=at)
    record(ticket, Event.Kind.OVERRIDDEN, actor=by, at=at, body=reason, internal=True, rule=rule)


def record_many(told, kind, *, at, actor):
    """The same for many tickets at once; `told` are pairs of a ticket and its data. All internal."""
    cause, told = _CAUSE.get() or {}, list(told)
    Event.objects.bulk_create(
        Event(ticket=ticket, kind=kind, actor=actor, at=at, is_internal=True, data=data | cause) for ticket, data in told
    )
    for ticket, data in told:
        _may_wake(ticket, kind, actor, data, at)


def put_off(ticket, until, *, actor, at):
    """Snooze a locked ticket until then, or wake it (None), and tell the care team."""
    words = [moment and snoozing.in_words(clocks.promises(at), ticket.partner.region, moment) for moment in (ticket.snoozed_until, until)]
    ticket.snoozed_until = until
    ticket.save(update_fields=["snoozed_until"])
    record_change(ticket, "snoozed_until", words[0] or "", words[1] or "", actor=actor, at=at)


def _may_wake(ticket, kind, actor, data, at):
    """The one place where a snoozed ticket wakes because of what happens on it.

    One of the care team who made it happen knows; otherwise the snooze is due now, and the sweep ends it and tells the owner.
    """
    if not (ticket.snoozed_until and ticket.snoozed_until > at and snoozing.is_ended_by(kind, actor, data)):
        return
    if actor and actor.is_care:
        put_off(ticket, None, actor=actor, at=at)
    else:
        ticket.snoozed_until = at
        ticket.save(update_fields=["snoozed_until"])


def goes_on_here(ticket):
    """Raise NotNow for a ticket that was merged: whatever is to go on goes on in the other one."""
    if ticket.merged_into_id:
        raise NotNow(_("This ticket goes on in #%(number)s. Please write there.") % {"number": ticket.merged_into_id})


def move(ticket, status, *, at, waiting_for="", outcome="", reason=""):
    """Put a locked ticket into a status (the same one is no move).

    Raises NotNow for a transition that is not in the table, and for a merged ticket that is to be anything but over.
    """
    if status not in clocks.OVER:
        goes_on_here(ticket)
    if status != ticket.status and status not in TRANSITIONS[ticket.status]:
        raise NotNow(
            _("A ticket that is %(now)s cannot become %(then)s.")
            % {"now": ticket.get_status_display().lower(), "then": S(status).label.lower()}
        )
    clocks.moving(ticket, status, outcome, at=at)
    ticket.status, ticket.waiting_for, ticket.outcome, ticket.reason = status, waiting_for, outcome, reason
    if status in clocks.OVER:
        ticket.snoozed_until = None
    if status != S.CLOSED:  # what is closed keeps when it was solved
        ticket.solved_at = at if status == S.SOLVED else None
    ticket.updated_at = at
    clocks.work_out(ticket, at=at)
    ticket.save(update_fields=SAVED)


def tell(ticket, kind, *, at, about, has_followers=True):
    """Owe the requester and the partner's followers a mail about an event.

    `about` makes it one mail a person, however often it is asked for. Staff who follow, or asked themselves, are told at the desk.
    Whoever knows that nobody follows spares the question.
    """
    owed = {"kind": kind, "ticket": ticket, "created_at": at}
    if not ticket.requester.is_care:
        _owe(Mail(key=f"{kind}:{ticket.pk}:{about}", to=ticket.requester.email, **owed))
    if has_followers:
        followers = Follower.objects.filter(ticket=ticket, user__partner=ticket.partner_id, user__is_active=True)
        mails = [
            Mail(key=f"{kind}:{ticket.pk}:to{user}:{about}", to=email, data={"reader": name}, **owed)
            for user, email, name in followers.exclude(user=ticket.requester_id).values_list("user", "user__email", "user__full_name")
        ]
        Mail.objects.bulk_create(mails, ignore_conflicts=True)


_owe = NewRow(Mail, once=True)


def now_open(ticket, *, at):
    """A new ticket that somebody has begun to work on is open."""
    if ticket.status == S.NEW:
        move(ticket, S.OPEN, at=at, waiting_for=ticket.waiting_for)
