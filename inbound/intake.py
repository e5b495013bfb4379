"""Add an incoming e-mail to its ticket, once; or record why not and, if the sender is a known user, tell them."""

import hashlib
import logging
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from inbound.messages import Unreadable, read
from inbound.models import InboundMail
from inbound.reply_text import reply_text
from partners.models import User
from tickets.email_ids import belongs_to, mail_of, ticket_of
from tickets.forms import MessageForm
from tickets.models import Attachment, Mail, Ticket
from tickets.services import conversation, mailing, outbox
from tickets.services.attaching import check
from tickets.services.lifecycle import NotNow, with_cause

log = logging.getLogger(__name__)
Outcome = InboundMail.Outcome
ATTEMPTS = 5  # for e-mails that fail unexpectedly, or kill the worker
MOST_FILES = 100  # to compare with those on the ticket
AN_HOUR = 30  # e-mails of one person; more come from a program that replies to ours
ATTEMPT = """
INSERT INTO inbound_inboundmail (digest, received_at, attempts, outcome, reason, message_id, sender, subject)
VALUES (%s, %s, 1, '', '', '', '', '')
ON CONFLICT (digest) DO UPDATE SET attempts = inbound_inboundmail.attempts + (inbound_inboundmail.outcome = '')::int
"""


class _NotTaken(Exception):
    def __init__(self, outcome, reason=""):
        self.outcome, self.reason = outcome, reason


def process(raw, *, at):
    """Process one e-mail, given as bytes. Return its outcome, or "" if it should be offered again later.

    The same bytes again change nothing, even after a crash: the row of the e-mail and its effects on the ticket are one transaction.
    """
    digest = hashlib.sha256(raw).hexdigest()
    with connection.cursor() as cursor:  # counted before the attempt, to include attempts that kill the worker
        cursor.execute(ATTEMPT, [digest, at])
    try:
        return _take(digest, raw, at)
    except Exception:  # whatever it is, it must not block the other e-mails
        log.exception("An incoming e-mail could not be processed (%s). Will try again.", digest[:12])
        return ""


@transaction.atomic
def _take(digest, raw, at):
    mail = InboundMail.objects.select_for_update(skip_locked=True, of=("self",)).filter(digest=digest).first()
    if mail is None:
        return ""  # another worker is processing it
    if mail.outcome:
        return mail.outcome
    if mail.attempts > ATTEMPTS:
        mail.outcome = Outcome.UNREADABLE
    else:
        _process(mail, raw, at)
    mail.save()
    return mail.outcome


def _process(mail, raw, at):
    """Process the e-mail and set its outcome."""
    try:
        letter = read(raw)
        mail.message_id, mail.sender, mail.subject = letter.message_id, letter.sender[:254], letter.subject
        _record_failed_delivery(mail, letter, at)
        _find_reader(mail, letter)
        _refuse_floods(mail, letter, at)
        left = _put_on_ticket(mail, letter, at)
    except Unreadable as error:
        mail.outcome, mail.reason = Outcome.UNREADABLE, str(error)
    except _NotTaken as error:
        mail.outcome, mail.reason = error.outcome, error.reason
        if error.outcome == Outcome.REFUSED:
            _write_back(mail, at=at, reasons=[error.reason])
    else:
        mail.outcome, mail.reason = Outcome.TAKEN, "\n".join(left)
        if left:
            _write_back(mail, at=at, reasons=left, is_partly=True)


def _record_failed_delivery(mail, letter, at):
    """Record a failed delivery of one of our e-mails on the ticket it was about."""
    sent = Mail.objects.filter(pk=mail_of(letter.failed), ticket__isnull=False).first() if letter.failed else None
    if sent is None:
        return
    mail.ticket_id = sent.ticket_id
    mail.event = mailing.record_bounce(sent.ticket_id, to=sent.to, why=letter.why, at=at)
    raise _NotTaken(Outcome.RETURNED)


def _find_reader(mail, letter):
    """Find the ticket and the author of the reply. Anybody else gets no answer, which would tell strangers who is a user."""
    if letter.is_automatic:
        raise _NotTaken(Outcome.AUTOMATIC)
    named = ticket_of(letter.addresses)
    user = User.objects.filter(email__iexact=letter.sender, is_active=True, partner__isnull=False).first()
    if named is None or user is None or not belongs_to(*named, user.email):
        raise _NotTaken(Outcome.UNKNOWN)
    ticket = Ticket.objects.visible_to(user).filter(pk=named[0]).first()
    if ticket is None:
        raise _NotTaken(Outcome.UNKNOWN)
    mail.user, mail.ticket = user, ticket


def _refuse_floods(mail, letter, at):
    before = InboundMail.objects.filter(user=mail.user, received_at__gt=at - timedelta(hours=1)).exclude(pk=mail.pk)
    if before.exclude(outcome=Outcome.TOO_MANY).count() >= AN_HOUR:
        raise _NotTaken(Outcome.TOO_MANY)
    if letter.message_id and before.filter(message_id=letter.message_id, ticket=mail.ticket, outcome=Outcome.TAKEN).exists():
        raise _NotTaken(Outcome.TWICE)


def _put_on_ticket(mail, letter, at):
    """Add text and files to the ticket, as if written in the portal. Return the reasons why files were left out."""
    number = mail.ticket.merged_into_id or mail.ticket.pk  # the conversation continues there; both tickets are of one partner
    text = reply_text(letter.text, greeting=f"Hello {mail.user},", ours=_quote_names())
    files, left = _accepted(number, letter.files)
    if left and not text and not files:
        raise _NotTaken(Outcome.REFUSED, "\n".join(left))
    try:
        with with_cause(by_mail=True), transaction.atomic():
            mail.event = _add(number, text, files, mail.user, at)
    except NotNow as error:
        raise _NotTaken(Outcome.REFUSED, str(error)) from error
    except ValidationError as error:  # too long, in another language; too many files
        raise _NotTaken(Outcome.REFUSED, "\n".join(error.messages)) from error
    return left


def _add(number, text, files, user, at):
    """Return the Event of the text, or of files that came without any."""
    if not text and not files:
        raise ValidationError(_("It contained no new text and no files."))
    if not text:
        return conversation.add_files(number, files, by=user, at=at)[0].event
    form = MessageForm({"text": text}, author=user, today=at.date())
    if not form.is_valid():
        raise ValidationError(form.errors["text"].as_data())
    return conversation.reply(number, form.cleaned_data["text"], author=user, at=at, files=files)


def _quote_names():
    """Return the names in the line above a quoted e-mail: the sender's name, the sender's address, and the reply address."""
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL.lower())
    return name or sender, sender, settings.REPLY_ADDRESS.lower().rpartition("@")[0] + "+"


def _accepted(number, files):
    """Return (accepted files, reasons for the others). Files that the ticket already has, such as logos in signatures, are skipped."""
    if len(files) > MOST_FILES:
        raise _NotTaken(Outcome.REFUSED, _("%(number)s files are too many for one e-mail.") % {"number": len(files)})
    taken, wrong = [], []
    for file in files:
        try:
            kind = check(file)
            if not _has_file(number, file, kind):
                taken.append(file)
        except ValidationError as error:
            wrong += error.messages
    return taken, wrong


def _has_file(number, file, kind):
    """Return whether the ticket has the same file, visible to its partner."""
    for row in Attachment.objects.filter(ticket=number, is_internal=False, size=file.size, content_type=kind):
        with row.file.open() as kept:
            is_same = kept.read() == file.read()
        file.seek(0)
        if is_same:
            return True
    return False


def _write_back(mail, *, at, reasons, is_partly=False):
    """Queue an e-mail to the sender that says what was not added to the ticket, and why."""
    data = {"reasons": reasons, "is_partly": is_partly, "reader": str(mail.user), "subject": mail.subject}
    Mail.objects.create(key=f"not_taken:{mail.pk}", kind="not_taken", to=mail.user.email, ticket=mail.ticket, data=data, created_at=at)
    outbox.notify_after_commit()
