"""What a committed change still owes: executions, charges to post, mails to send. The database is the outbox.

The queue is only told that there is work; when it is away, or forgets, the sweep and the next `deliver` read the same rows.
However much is owed, one message at a time is enough to have it delivered (docs/decisions/0168).
"""

import logging

from celery import current_app
from django.db import transaction

from billing.services import post
from engine import hints
from tickets.models import Event, Ticket, TicketCharge
from tickets.services import mailing
from tickets.services.lifecycle import claim, record

log = logging.getLogger(__name__)
AT_ONCE = 500  # charges that one look finds
FORGOTTEN = 5  # seconds after which a knock that no worker has heard may be made again


def nudge():
    """Tell the queue after the commit that something is owed to be delivered."""
    transaction.on_commit(knock)


def knock():
    """Tell the queue that something is to be delivered, unless it has been told and no worker has come to look yet."""
    if hints.first("knock", FORGOTTEN):
        tell_queue("tickets.tasks.deliver")


def heard():
    """A worker comes to look: whatever is owed from here on is to knock again."""
    hints.over("knock")


def tell_queue(task, *args, **options):
    """Send a task; when the queue is away this is only noted, because the sweep finds the same work."""
    try:
        current_app.send_task(task, args=args, retry=False, **options)
    except Exception as error:  # kombu raises its own, redis-py its own, the socket its own
        log.warning("The queue is away (%s); the sweep will find %s%s.", type(error).__name__, task, args)


def mark_due(ticket, moments, *, at):
    """The charges of these moments are owed from now on; in the transaction of the change that causes them."""
    for charge in TicketCharge.objects.filter(ticket=ticket, moment__in=moments, due_at=None):
        charge.due_at = at
        charge.save(update_fields=["due_at"])
        _record(ticket, Event.Kind.CHARGE_DUE, charge, at=at, charge=charge.pk)


@transaction.atomic
def post_charges(number, *, at):
    """Post the ticket's due charges to the ledger: entry, mark and event together, once. Returns how many."""
    ticket = claim(number)
    if ticket is None:
        return 0
    # By account, so that two postings about the same ones wait for one another in the same order.
    due = list(ticket.charges.select_related("payer").filter(due_at__isnull=False, posted_at=None).order_by("payer", "currency", "pk"))
    for charge in due:
        post(
            partner_id=charge.payer_id,
            fee=charge.fee,
            title=f"{charge.title} (#{charge.ticket_id})",
            amount=-charge.amount if charge.is_credit else charge.amount,
            currency=charge.currency,
            source=ticket.source,
            at=at,
            kind=charge.kind,
        )
        charge.posted_at = at
        charge.save(update_fields=["posted_at"])
        _record(ticket, Event.Kind.POSTED, charge, at=at)
    return len(due)


def _record(ticket, kind, charge, /, **more):
    said = {"title": charge.title, "amount": f"{charge.amount:.2f}", "currency": charge.currency, "payer": charge.payer.code}
    record(ticket, kind, **said, **({"credit": True} if charge.is_credit else {}), **more)


def to_execute(*, before):
    """The numbers of tickets whose execution was asked for before this time, the longest first, AT_ONCE at most."""
    asked = Ticket.objects.filter(execution=Ticket.Execution.REQUESTED, execution_requested_at__lt=before)
    return list(asked.order_by("execution_requested_at").values_list("pk", flat=True)[:AT_ONCE])


def owed(*, at):
    """What is to be delivered, the longest owed first, a few hundred each: (numbers of tickets with charges to post, keys of mails).

    What keeps failing leaves these lists by itself.
    """
    charges = TicketCharge.objects.filter(due_at__lte=at, posted_at=None).order_by("due_at")
    return list(dict.fromkeys(charges.values_list("ticket", flat=True)[:AT_ONCE])), mailing.due(at)
