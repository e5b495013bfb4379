"""Closing solved tickets after a while (SLA-8), unless somebody still has to act."""

import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from policies.days import before
from policies.models import PolicyValue
from tickets.models import Event, Mail, Ticket, TicketCharge
from tickets.services.mailing import PATIENCE

SLICE = 200
Status = Ticket.Status


@transaction.atomic
def close_solved(*, at):
    """Close a slice of the tickets that have been solved long enough, oldest first. Return how many.

    A ticket stays open while anything is owed: an execution, a charge to post, an e-mail to send, an answer to the partner.
    """
    book = PolicyValue.objects.book(on=at.date())
    last = datetime.datetime.combine(before(at.date(), book.value("ticket.close_after")), at.timetz())
    owed = TicketCharge.objects.filter(ticket=OuterRef("pk"), due_at__isnull=False, posted_at=None)
    mails = Mail.objects.filter(ticket=OuterRef("pk"), sent_at=None, attempts__lt=PATIENCE)
    rows = (
        Ticket.objects.filter(~Exists(owed), ~Exists(mails), status=Status.SOLVED, solved_at__lte=last, awaiting_since=None)
        .exclude(execution=Ticket.Execution.REQUESTED)
        .order_by("solved_at")
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
    )
    numbers = list(rows.values_list("pk", flat=True)[:SLICE])
    change = {"field": "status", "old": str(Status.SOLVED.label), "new": str(Status.CLOSED.label)}
    Event.objects.bulk_create(Event(ticket_id=number, kind=Event.Kind.STATUS, at=at, data=change) for number in numbers)
    Ticket.objects.filter(pk__in=numbers).update(status=Status.CLOSED, updated_at=at)
    return len(numbers)
