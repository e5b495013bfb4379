"""What a committed change still owes: executions, charges to post, e-mails to send. The database is the outbox.

The queue is only notified that there is work; if it is unavailable or loses a message, the sweep and the next `deliver` read the
same rows. One message at a time is enough, however much is owed (docs/decisions/0168).
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
AT_ONCE = 500  # charges read at a time
FORGOTTEN = 5  # seconds after which a notification that no worker has picked up may be repeated


def notify_after_commit():
    """Notify the queue, after the commit, that there is something to deliver."""
    transaction.on_commit(notify_worker)


def notify_worker():
    """Notify the queue that there is something to deliver, unless an earlier notification has not been picked up yet."""
    if hints.claim("knock", FORGOTTEN):
        send_task("tickets.tasks.deliver")


def acknowledge():
    """Note that a worker has picked up the notification, so that work owed from now on notifies the queue again."""
    hints.release("knock")


def send_task(task, *args, **options):
    """Send a task. If the queue is unavailable, only log it, because the sweep finds the same work."""
    try:
        current_app.send_task(task, args=args, retry=False, **options)
    except Exception as error:  # kombu, redis-py and sockets each raise their own errors
        log.warning("The queue is unavailable (%s); the sweep will find %s%s.", type(error).__name__, task, args)


def mark_due(ticket, moments, *, at):
    """Make the charges of these moments due, in the transaction of the change that causes them."""
    for charge in TicketCharge.objects.filter(ticket=ticket, moment__in=moments, due_at=None):
        charge.due_at = at
        charge.save(update_fields=["due_at"])
        _record(ticket, Event.Kind.CHARGE_DUE, charge, at=at, charge=charge.pk)


@transaction.atomic
def post_charges(number, *, at):
    """Post the ticket's due charges to the ledger exactly once: entry, mark and event together. Return how many."""
    ticket = claim(number)
    if ticket is None:
        return 0
    # Ordered by account, so that concurrent postings to the same accounts lock them in the same order.
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
    data = {"title": charge.title, "amount": f"{charge.amount:.2f}", "currency": charge.currency, "payer": charge.payer.code}
    record(ticket, kind, **data, **({"credit": True} if charge.is_credit else {}), **more)


def pending_executions(*, before):
    """Return the numbers of tickets whose execution was requested before this time, oldest first, at most AT_ONCE."""
    asked = Ticket.objects.filter(execution=Ticket.Execution.REQUESTED, execution_requested_at__lt=before)
    return list(asked.order_by("execution_requested_at").values_list("pk", flat=True)[:AT_ONCE])


def pending_deliveries(*, at):
    """Return what is to be delivered, oldest first, a few hundred each: (numbers of tickets with charges to post, keys of e-mails).

    What keeps failing drops out of these lists.
    """
    charges = TicketCharge.objects.filter(due_at__lte=at, posted_at=None).order_by("due_at")
    return list(dict.fromkeys(charges.values_list("ticket", flat=True)[:AT_ONCE])), mailing.due(at)
