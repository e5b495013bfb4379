"""Keep the clocks of a ticket (SLA-2 to SLA-6): each function changes columns of a locked ticket; the caller saves it.

Due times are always recalculated from stored data (when a clock began, `pauses`) with the policy values now in force, never
incremented. The only query is for the policy values, once a minute per process; `sla_stamp` shows that a ticket was calculated
with older values, and the sweep recalculates it (services.service_level).
"""

import datetime
from typing import NamedTuple

from policies.book import PolicyBook
from policies.models import PolicyValue
from tickets import sla
from tickets.models import Ticket
from tickets.sla_targets import CLOCKS, Promises

DUE = {"first": "first_due_at", "next": "next_due_at", "solution": "solve_due_at"}
LATE = {"first": "first_is_late", "next": "next_is_late", "solution": "solution_is_late"}
MET = ("first_answered_at", "first_minutes", "awaiting_since", "solving_since", "solve_minutes", "pauses", "reopened")
WORKED_OUT = (*DUE.values(), *LATE.values(), "due_at", "sla_stamp")
COLUMNS = (*MET, *WORKED_OUT)
WAITING = (Ticket.Status.PENDING, Ticket.Status.ON_HOLD)
OVER = (Ticket.Status.SOLVED, Ticket.Status.CLOSED)
FRESH = datetime.timedelta(minutes=1)


class Known(NamedTuple):
    """The values this process read last, and when."""

    at: datetime.datetime
    promises: Promises


_known: list[Known] = []


def values(ticket):
    """Return the current clock columns for an UPDATE that is made anyway: {column: value}."""
    return {column: getattr(ticket, column) for column in COLUMNS}


def kept(ticket):
    """Return what is needed to restore the clocks later, as JSON: {column: value}: the basis of the due times, the due times of
    clocks that no longer run, and when the ticket was solved."""
    past = [due for clock, due in DUE.items() if not runs(ticket, clock)]
    stored = {column: getattr(ticket, column) for column in (*MET, *LATE.values(), *past, "solved_at")}
    return {column: value.isoformat() if isinstance(value, datetime.datetime) else value for column, value in stored.items()}


def put_back(ticket, values, *, at):
    """Restore the clocks to what `kept` returned, as if they had kept running all the time."""
    for column, value in values.items():
        setattr(ticket, column, Ticket._meta.get_field(column).to_python(value))
    recalculate(ticket, at=at)


def forget():
    """Clear the cache, so that the values are read again next time."""
    _known.clear()


def promises(at, *, fresh=False):
    """Return the Promises in force at this moment, at most a minute old."""
    if fresh or not _known or abs(at - _known[0].at) >= FRESH or at.date() != _known[0].at.date():
        rows = list(PolicyValue.objects.filter(code__startswith="sla.").order_by("set_at", "pk"))
        stamp = sum(row.valid_from <= at.date() for row in rows)
        _known[:] = [Known(at, Promises(PolicyBook(at.date(), rows), stamp))]
    return _known[0].promises


def begin(ticket, *, at):
    """Start the clocks of a new ticket: first answer and solution."""
    ticket.awaiting_since = ticket.solving_since = at
    recalculate(ticket, at=at)


def care_team_wrote(ticket, *, at):
    """Record that the care team has written to the partner: the first answer or the next one."""
    if runs(ticket, "first"):
        _answer_first(ticket, at)
    elif runs(ticket, "next"):
        ticket.next_is_late = ticket.next_is_late or is_late(ticket, "next", at)
    ticket.awaiting_since = None
    recalculate(ticket, at=at)


def partner_wrote(ticket, *, at):
    """Record that the partner has written; only the oldest unanswered message counts."""
    ticket.awaiting_since = ticket.awaiting_since or at
    recalculate(ticket, at=at)


def moving(ticket, status, outcome, *, at):
    """Prepare for a change to this status and outcome: clocks pause, resume, are met or restart."""
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
    """Apply a changed priority, target or calendar to the clocks that are not met yet: when they are due and whether they are late."""
    for clock in ("first", "solution"):
        if runs(ticket, clock) and not (clock == "solution" and ticket.reopened):
            setattr(ticket, LATE[clock], is_late(ticket, clock, at))
    recalculate(ticket, at=at)


def recalculate(ticket, *, at):
    """Set the due times of the running clocks; clocks that were met keep theirs."""
    running = [clock for clock in CLOCKS if runs(ticket, clock)]
    for clock in running:
        setattr(ticket, DUE[clock], due_of(ticket, clock, promises(at)))
    if "next" not in running:
        ticket.next_due_at = None
    is_paused = ticket.status in WAITING
    ticket.due_at = None if is_paused else min(filter(None, (getattr(ticket, DUE[clock]) for clock in running)), default=None)
    ticket.sla_stamp = promises(at).stamp


def began(ticket, clock):
    """Return when the clock began, or None. The first-answer clock restarts if a ticket is reopened without ever being answered."""
    if clock == "next":
        return ticket.awaiting_since
    return ticket.solving_since if clock == "solution" or ticket.reopened else ticket.created_at


def runs(ticket, clock):
    """Return whether the clock is still to be met (it may be paused). The next-answer clock runs only after a first answer."""
    if ticket.status in OVER or not ticket.solving_since:
        return False
    if clock == "first":
        return ticket.first_answered_at is None
    return clock == "solution" or bool(ticket.first_answered_at and ticket.awaiting_since)


def due_of(ticket, clock, promised, *, until=None):
    """Return when the clock is due. An ongoing pause ends at `until`; without `until` it is ignored, as if the clock resumed now."""
    start, target = began(ticket, clock), promised.target(clock, ticket)
    calendar = promised.calendar(ticket.partner.region)
    work = sla.work_of(target, calendar, start) if target else None
    return None if work is None else sla.due(calendar, start, work, pauses_of(ticket, until))  # work may be 0: due at once


def is_late(ticket, clock, at):
    """Return whether the clock would be late if it were met at this moment."""
    due = due_of(ticket, clock, promises(at), until=at)
    return due is not None and at > due


def pauses_of(ticket, until):
    """Return the pauses as pairs of datetimes; an ongoing pause ends at `until`, or is left out."""
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
    """Mark all clocks as met by the solution. A withdrawn request was neither answered nor solved and is not counted."""
    if outcome == Ticket.Outcome.WITHDRAWN:
        ticket.first_due_at = None if runs(ticket, "first") else ticket.first_due_at
        ticket.awaiting_since = None
    elif runs(ticket, "solution"):
        care_team_wrote(ticket, at=at)
        ticket.solution_is_late = ticket.solution_is_late or is_late(ticket, "solution", at)
        ticket.solve_minutes = _minutes(ticket, "solution", at)
