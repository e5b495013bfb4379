"""What a committed change still owes: executions, charges to post, mails to send. The database is the outbox.

The queue is only told that there is work; when it is away, or forgets, the sweep and the next `deliver` read the same rows.
However much is owed, one message at a time is enough to have it delivered (docs/decisions/0168).
"""

import logging
from datetime import timedelta

from celery import current_app
from django.db import connection, transaction
from django.db.models import Q

from billing.services import post
from partners import hints
from partners.prepared import Given, Prepared
from tickets.models import Event, Mail, Ticket, TicketCharge
from tickets.services.lifecycle import record

log = logging.getLogger(__name__)
PAUSE = timedelta(seconds=10)  # after the first failure of a mail; every further one doubles it
PATIENCE = 15  # attempts, over almost two days, before a mail is left for a person to look at
AT_ONCE = 500  # charges, and mails, that one look finds
KNOCK = "if redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1]) then return 1 end return 0"
ATTEMPT = """
UPDATE tickets_mail SET attempts = attempts + 1
WHERE id = (SELECT id FROM tickets_mail WHERE id = %s AND sent_at IS NULL FOR UPDATE SKIP LOCKED)
"""
FORGOTTEN = 5  # seconds after which a knock that no worker has heard may be made again


def nudge():
    """Tell the queue after the commit that something is owed to be delivered."""
    transaction.on_commit(knock)


def knock():
    """Tell the queue that something is to be delivered, unless it has been told and no worker has come to look yet."""
    if hints.ask(KNOCK, "knock", FORGOTTEN) != 0:
        tell_queue("tickets.tasks.deliver")


def heard():
    """A worker comes to look: whatever is owed from here on is to knock again."""
    hints.ask("return redis.call('DEL', KEYS[1])", "knock")


def tell_queue(task, *args, **options):
    """Send a task; when the queue is away this is only noted, because the sweep finds the same work."""
    try:
        current_app.send_task(task, args=args, retry=False, **options)
    except Exception as error:  # kombu raises its own, redis-py its own, the socket its own
        log.warning("The queue is away (%s); the sweep will find %s%s.", type(error).__name__, task, args)


def claim(number):
    """The ticket with its row locked, or None while somebody else has it: the sweep tells again.

    Workers have few places; nobody waits in one. Every writer of a ticket's rows takes this lock first (no deadlocks).
    """
    rows = Ticket.objects.select_for_update(skip_locked=True, of=("self",)).select_related("partner", "requester", "assignee")
    return rows.filter(pk=number).first()


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


def send_mails(number, *, at):
    """Send the mails that the ticket owes, each in a transaction of its own; one that fails waits for the sweep."""
    for pk in mails_due(at).filter(ticket=number).order_by("pk").values_list("pk", flat=True):
        send_mail(pk, at=at)


def mails_due(at):
    """The owed mails whose turn has come. The pauses double, counted from when a mail was written.

    So no outage of the mail server under two days loses a mail, however often the sweep comes by.
    """
    turns = Q()
    for attempts in range(PATIENCE):
        turns |= Q(attempts=attempts, created_at__lte=at - PAUSE * (2**attempts - 1))
    return Mail.objects.filter(turns, sent_at=None)


def send_mail(pk, *, at):
    """Send one owed mail unless another worker is at it. A failure is logged and counted, not raised."""
    if not _begin_mail(pk):
        return
    try:
        _send(pk, at)
    except Exception as error:  # a mail server's refusal, or wording that fails: other mails are not to wait for this one
        log.exception("Mail %s could not be sent (%s).", pk, type(error).__name__)


def _begin_mail(pk):
    """Count the attempt before it is made, so that one that kills its worker counts as well."""
    with connection.cursor() as cursor:
        cursor.execute(ATTEMPT, [pk])
        return cursor.rowcount == 1


@transaction.atomic
def _send(pk, at):
    from tickets.mails import compose

    mail = _claimed.first(pk=pk)
    if mail is None:
        return
    message = compose(mail, at=at)
    if message:
        message.send()
    Mail.objects.filter(pk=pk).update(sent_at=at)


_claimed = Prepared(
    lambda: (
        Mail.objects.select_related("ticket__partner", "ticket__requester")
        .defer("ticket__search", "ticket__search_internal")
        .select_for_update(skip_locked=True, of=("self",))
        .filter(pk=Given("pk"), sent_at=None)
    )
)


def to_execute(*, before):
    """The numbers of tickets whose execution was asked for before this time, the longest first, AT_ONCE at most."""
    asked = Ticket.objects.filter(execution=Ticket.Execution.REQUESTED, execution_requested_at__lt=before)
    return list(asked.order_by("execution_requested_at").values_list("pk", flat=True)[:AT_ONCE])


def owed(*, at):
    """What is to be delivered, the longest owed first, AT_ONCE each: (numbers of tickets with charges to post, keys of mails).

    What keeps failing leaves these lists by itself.
    """
    charges = TicketCharge.objects.filter(due_at__lte=at, posted_at=None).order_by("due_at").values_list("ticket", flat=True)
    mails = mails_due(at).order_by("created_at", "pk").values_list("pk", flat=True)
    return list(dict.fromkeys(charges[:AT_ONCE])), list(mails[:AT_ONCE])
