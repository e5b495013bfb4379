"""The sweep's work on the clocks of running tickets: recalculate those based on older values, and mark overdue ones."""

from django.db import transaction
from django.db.models import Case, F, Min, Q, When

from engine.bulk_update import update_rows
from tickets.models import Event, Ticket
from tickets.models.ticket import RUNNING
from tickets.services import clocks

SLICE = 200
SAID = (Event.Kind.MESSAGE, Event.Kind.QUESTION, Event.Kind.ANSWERED)


@transaction.atomic
def recalculate_stale(*, at):
    """Recalculate a slice of the running tickets that were calculated with older values. Return how many.

    Locked tickets are skipped; they are found again as long as their stamp is old.
    """
    promised = clocks.promises(at, fresh=True)
    stale = Ticket.objects.filter(RUNNING, sla_stamp__lt=promised.stamp).order_by("sla_stamp", "number")
    rows = list(stale.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("partner")[:SLICE])
    _begin_late([ticket for ticket in rows if not ticket.solving_since])
    for ticket in rows:
        clocks.retarget(ticket, at=at)
    update_rows(rows, clocks.COLUMNS)
    return len(rows)


def _begin_late(tickets):
    """Start the clocks of tickets older than the clocks: from their creation, answered by the care team's first message."""
    answers = Event.objects.filter(ticket__in=tickets, kind__in=SAID, is_internal=False).exclude(actor__role="contact")
    first = dict(answers.values_list("ticket").annotate(Min("at")).order_by())
    for ticket in tickets:
        ticket.solving_since = ticket.created_at
        ticket.first_answered_at = first.get(ticket.pk)
        ticket.awaiting_since = None if ticket.first_answered_at else ticket.created_at
        if ticket.status in clocks.WAITING and not ticket.pauses:
            ticket.pauses = [[ticket.updated_at.isoformat(), None]]


@transaction.atomic
def mark_late(*, at):
    """Mark a slice of the tickets on which a clock has passed its due time without being met. Return how many."""
    passed = {
        "first_is_late": Q(first_answered_at=None, first_due_at__lt=at),
        "next_is_late": Q(next_due_at__lt=at),
        "solution_is_late": Q(solve_due_at__lt=at),
    }
    unmarked = Q()
    for column, condition in passed.items():
        unmarked |= condition & Q(**{column: False})
    found = Ticket.objects.filter(RUNNING, unmarked, due_at__lt=at).order_by("due_at", "number")
    numbers = list(found.select_for_update(no_key=True, skip_locked=True, of=("self",)).values_list("pk", flat=True)[:SLICE])
    marks = {column: Case(When(condition, then=True), default=F(column)) for column, condition in passed.items()}
    return Ticket.objects.filter(pk__in=numbers).update(**marks) if numbers else 0
