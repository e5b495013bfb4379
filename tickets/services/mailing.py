"""Sending the e-mails that committed changes owe: each when it is due; one that cannot be sent is reported on its ticket."""

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

from django.db import connection, transaction
from django.utils.translation import gettext as _

from engine.outages import is_unavailable
from engine.prepared_queries import Parameter, PreparedQuery
from engine.single_line import single_line
from tickets.models import Event, Mail, Ticket
from tickets.services import search_index
from tickets.services.lifecycle import claim, lock, move, record

log = logging.getLogger(__name__)
USAGE_REPORT = "usage_report"  # thousands come due within an hour, and they are not urgent
PAUSE = timedelta(seconds=10)  # after the first failure of an e-mail; every further failure doubles it
PATIENCE = 15  # attempts, over almost two days, before a person has to look into it
AT_ONCE = 50
LOOK = 500
NOBODY = range(550, 554)  # the recipient does not exist or accepts no e-mail (RFC 5321, 4.2.3): retrying is pointless
DUE = """
SELECT id FROM tickets_mail WHERE sent_at IS NULL AND attempts < %s AND (attempts = 0 OR created_at <= %s - %s * (2 ^ attempts - 1))
ORDER BY kind = %s, created_at, id LIMIT %s
"""
ATTEMPT = """
UPDATE tickets_mail SET attempts = attempts + 1
WHERE id = (SELECT id FROM tickets_mail WHERE id = %s AND sent_at IS NULL FOR UPDATE SKIP LOCKED)
"""


def due(at):
    """Return the keys of the owed e-mails that are due, oldest first, at most LOOK; usage reports come after all others.

    Pauses double, counted from the creation of the e-mail, so no mail server outage shorter than two days loses an e-mail, however
    often the sweep runs. A new e-mail is due immediately, whatever clock its creation time came from.
    """
    with connection.cursor() as cursor:
        cursor.execute(DUE, [PATIENCE, at, PAUSE, USAGE_REPORT, LOOK])
        return [pk for (pk,) in cursor.fetchall()]


def send(pk, *, at, server):
    """Send one owed e-mail through the MailServer unless another worker is sending it. Failures are logged, counted and stored."""
    if not _begin(pk):
        return
    try:
        _send(pk, at, server)
    except OSError as error:  # the mail server rejects it or is unavailable
        log.warning("Mail %s could not be sent (%s: %s).", pk, type(error).__name__, single_line(error))
        _keep(pk, error)
    except Exception as error:  # composing it failed: other e-mails must not wait for this one
        if is_unavailable(error):
            raise
        log.exception("Mail %s could not be sent (%s).", pk, type(error).__name__)
        _keep(pk, error)


def _begin(pk):
    """Count the attempt beforehand, so that one that kills its worker counts as well."""
    with connection.cursor() as cursor:
        cursor.execute(ATTEMPT, [pk])
        return cursor.rowcount == 1


@transaction.atomic
def _send(pk, at, server):
    from tickets.mails import compose

    mail = _claimed.first(pk=pk)
    if mail is None:
        return
    message = compose(mail, at=at)
    if message:
        server.send(message)
    Mail.objects.filter(pk=pk).update(sent_at=at)


_claimed = PreparedQuery(
    lambda: (
        Mail.objects.select_related("ticket__partner", "ticket__requester")
        .defer("ticket__search", "ticket__search_internal")
        .select_for_update(skip_locked=True, of=("self",))
        .filter(pk=Parameter("pk"), sent_at=None)
    ),
    by_key=True,
)


def _keep(pk, error):
    """Store the reason for the failure; an unknown recipient is not tried again."""
    refused = error.recipients.values() if isinstance(error, SMTPRecipientsRefused) else ()
    why = "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in refused) or str(error) or type(error).__name__
    more = {"attempts": PATIENCE} if refused and all(code in NOBODY for code, _text in refused) else {}
    Mail.objects.filter(pk=pk, sent_at=None).update(error="".join(char for char in why if char.isprintable())[:300], **more)


def give_up(*, at):
    """Report on their tickets which e-mails could not be sent, at most AT_ONCE; locked tickets follow later."""
    hopeless = Mail.objects.filter(sent_at=None, attempts__gte=PATIENCE, given_up_at=None, ticket__isnull=False)
    for pk in hopeless.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE]:
        _give_up(pk, at)


@transaction.atomic
def _give_up(pk, at):
    mail = Mail.objects.select_for_update(skip_locked=True).filter(pk=pk, sent_at=None, given_up_at=None).first()
    if mail and claim(mail.ticket_id):
        Mail.objects.filter(pk=pk).update(given_up_at=at)
        record_bounce(mail.ticket_id, to=mail.to, why=mail.error, at=at)


@transaction.atomic
def record_bounce(number, *, to, why, at):
    """Note for the care team that an e-mail was not delivered; the ticket stops waiting for the partner. Return the Event."""
    ticket = lock(number)
    body = _("Our e-mail to %(to)s was not delivered: %(why)s") % {"to": to, "why": why or _("its mail server gave no reason")}
    event = record(ticket, Event.Kind.NOTE, at=at, body=body, internal=True)
    search_index.add(ticket, body, internal=True)
    if ticket.status == Ticket.Status.PENDING:
        move(ticket, Ticket.Status.OPEN, at=at)
    return event
