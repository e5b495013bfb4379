"""Keeps the clocks of a ticket (SLA-2 to SLA-6): each is a change of a locked ticket's columns, saved by whoever makes it.

Due times are worked out anew from what is kept (when a clock began, `pauses`) by the values in force now, never added to.
No question is asked of the database on the way, but for the values, once a minute in a process: a ticket that was worked out
by older ones shows it in `sla_stamp`, and the sweep works it out again (services.service_level).
"""

import datetime
from typing import NamedTuple

from policies.book import PolicyBook
from policies.models import PolicyValue
from tickets import sla
from tickets.models import Ticket
from tickets.promises import CLOCKS, Promises

DUE = {"first": "first_due_at", "next": "next_due_at", "solution": "solve_due_at"}
LATE = {"first": "first_is_late", "next": "next_is_late", "solution": "solution_is_late"}
MET = ("first_answered_at", "first_minutes", "awaiting_since", "solving_since", "solve_minutes", "pauses", "reopened")
WORKED_OUT = (*DUE.values(), *LATE.values(), "due_at", "sla_stamp")
COLUMNS = (*MET, *WORKED_OUT)
WAITING = (Ticket.Status.PENDING, Ticket.Status.ON_HOLD)
OVER = (Ticket.Status.SOLVED, Ticket.Status.CLOSED)
FRESH = datetime.timedelta(minutes=1)


class Known(NamedTuple):
    """The values that this process has read last, and when."""

    at: datetime.datetime
    promises: Promises


_known: list[Known] = []


def values(ticket):
    """The columns of the clocks as they stand, for an UPDATE that is made anyway: {column: value}."""
    return {column: getattr(ticket, column) for column in COLUMNS}


def kept(ticket):
    """What the due times follow from, those of clocks that do not run any more, and when it was solved, as JSON, for who may want to put
    it back: {column: value}."""
    past = [due for clock, due in DUE.items() if not runs(ticket, clock)]
    told = {column: getattr(ticket, column) for column in (*MET, *LATE.values(), *past, "solved_at")}
    return {column: value.isoformat() if isinstance(value, datetime.datetime) else value for column, value in told.items()}


def put_back(ticket, values, *, at):
    """Undo what has happened to the clocks since `kept`: they have gone on all the time."""
    for column, value in values.items():
        setattr(ticket, column, Ticket._meta.get_field(column).to_python(value))
    work_out(ticket, at=at)


def forget():
    """Read the values anew next time."""
    _known.clear()


def promises(at, *, fresh=False):
    """The Promises in force at this moment, at most a minute old."""
    if fresh or not _known or abs(at - _known[0].at) >= FRESH or at.date() != _known[0].at.date():
        rows = list(PolicyValue.objects.filter(code__startswith="sla.").order_by("set_at", "pk"))
        stamp = sum(row.valid_from <= at.date() for row in rows)
        _known[:] = [Known(at, Promises(PolicyBook(at.date(), rows), stamp))]
    return _known[0].promises


def begin(ticket, *, at):
    """A ticket is made: the first answer and the solution are waited for."""
    ticket.awaiting_since = ticket.solving_since = at
    work_out(ticket, at=at)


def answered(ticket, *, at):
    """The care team has said something to the partner: that is the first answer, or the next one."""
    if runs(ticket, "first"):
        _answer_first(ticket, at)
    elif runs(ticket, "next"):
        ticket.next_is_late = ticket.next_is_late or is_late(ticket, "next", at)
    ticket.awaiting_since = None
    work_out(ticket, at=at)


def heard(ticket, *, at):
    """The partner has said something; only the oldest word without an answer counts."""
    ticket.awaiting_since = ticket.awaiting_since or at
    work_out(ticket, at=at)


def moving(ticket, status, outcome, *, at):
    """The ticket is about to get this status and outcome: clocks stand still, go on, are met, or begin anew."""
    if status == ticket.status:
        return
    if status in OVER and ticket.status not in OVER:
        _solve(ticket, outcome, at)
    elif ticket.status == Ticket.Status.SOLVED and status not in OVER:
        ticket.reopened += 1
        ticket.solving_since, ticket.solve_minutes = at, None
    is_paused = bool(ticket.pauses) and ticket.pauses[-1][1] is None
    if status in WAITING and not is_paused:
        ticket.pauses = [*ticket.pauses, [at.isoformat(), None]]
    elif status not in WAITING and is_paused:
        *earlier, (begun, _open) = ticket.pauses
        ticket.pauses = [*earlier, [begun, at.isoformat()]] if begun != at.isoformat() else earlier


def retarget(ticket, *, at):
    """Priority, targets or the calendar have changed: what is not met yet is due, and late, by the new ones."""
    for clock in ("first", "solution"):
        if runs(ticket, clock) and not (clock == "solution" and ticket.reopened):
            setattr(ticket, LATE[clock], is_late(ticket, clock, at))
    work_out(ticket, at=at)


def work_out(ticket, *, at):
    """Set the due times of the clocks that run; those that were met keep theirs."""
    running = [clock for clock in CLOCKS if runs(ticket, clock)]
    for clock in running:
        setattr(ticket, DUE[clock], due_of(ticket, clock, promises(at)))
    if "next" not in running:
        ticket.next_due_at = None
    stands_still = ticket.status in WAITING
    ticket.due_at = None if stands_still else min(filter(None, (getattr(ticket, DUE[clock]) for clock in running)), default=None)
    ticket.sla_stamp = promises(at).stamp


def began(ticket, clock):
    """When the clock began, or None: the first one anew with a ticket that was reopened without any answer."""
    if clock == "next":
        return ticket.awaiting_since
    return ticket.solving_since if clock == "solution" or ticket.reopened else ticket.created_at


def runs(ticket, clock):
    """Whether the clock is still to be met (it may stand still). The next answer is waited for once there was a first one."""
    if ticket.status in OVER or not ticket.solving_since:
        return False
    if clock == "first":
        return ticket.first_answered_at is None
    return clock == "solution" or bool(ticket.first_answered_at and ticket.awaiting_since)


def due_of(ticket, clock, promised, *, until=None):
    """When the clock is due. A pause that lasts ends at `until`; without, it is left out: due if it went on where it stands."""
    start, target = began(ticket, clock), promised.target(clock, ticket)
    calendar = promised.calendar(ticket.partner.region)
    work = target and sla.work_of(target, calendar, start)
    return work and sla.due(calendar, start, work, pauses_of(ticket, until))


def is_late(ticket, clock, at):
    """Whether the clock, if it were met at this moment, would be met too late."""
    due = due_of(ticket, clock, promises(at), until=at)
    return due is not None and at > due


def pauses_of(ticket, until):
    """The pauses as pairs of moments; one that lasts ends at `until`, or is left out."""
    ends = [(begun, end or (until and until.isoformat())) for begun, end in ticket.pauses]
    read = datetime.datetime.fromisoformat
    return [(read(begun), read(end)) for begun, end in ends if end]


def _minutes(ticket, clock, at):
    return sla.minutes(promises(at).calendar(ticket.partner.region), began(ticket, clock), at, pauses_of(ticket, at))


def _answer_first(ticket, at):
    ticket.first_is_late = ticket.first_is_late or is_late(ticket, "first", at)
    ticket.first_minutes = _minutes(ticket, "first", at)
    ticket.first_answered_at = at


def _solve(ticket, outcome, at):
    """All clocks are met by the solution. What the partner took back was never answered nor solved, and is not counted."""
    if outcome == Ticket.Outcome.WITHDRAWN:
        ticket.first_due_at = None if runs(ticket, "first") else ticket.first_due_at
        ticket.awaiting_since = None
    elif runs(ticket, "solution"):
        answered(ticket, at=at)
        ticket.solution_is_late = ticket.solution_is_late or is_late(ticket, "solution", at)
        ticket.solve_minutes = _minutes(ticket, "solution", at)
