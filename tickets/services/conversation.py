"""Messages, internal notes, questions to the partner, and the files attached to them."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.consents import notify_ended, notify_resumed
from tickets.models import Event, Ticket
from tickets.services import clocks, outbox, search_index
from tickets.services.attaching import attach_all
from tickets.services.lifecycle import NotNow, ensure_not_merged, lock, move, open_if_new, owe_email, record
from tickets.services.progress import reverse_rejection_fee

S = Ticket.Status
SAID = (Event.Kind.MESSAGE, Event.Kind.NOTE, Event.Kind.QUESTION, Event.Kind.ANSWERED)
JUST_NOW = timedelta(minutes=10)  # within which the same text again counts as a form sent twice


def said_just_now(ticket, body, *, author, at, kinds, files=()):
    """Return the Event of this text and these files if this person just wrote it and nobody has written since, otherwise None.

    On going back to a page, browsers may refill its form with the text already sent, but without the files and in a form with
    a new key (docs/decisions/0377). The ticket is locked.
    """
    last = ticket.events.filter(kind__in=SAID).order_by("-pk").first()
    if last is None or (last.actor_id, last.body) != (author.pk, body) or last.kind not in kinds or at - last.at > JUST_NOW:
        return None
    return last if {file.size for file in files} <= set(last.attachments.values_list("size", flat=True)) else None


@transaction.atomic
def reply(number, body, *, author, at, files=(), once=False):
    """Add a message visible to partner and staff. A partner's reply ends the wait for it and reopens a solved ticket.

    Without an author, the message is Careline's own. `once`: do not repeat a message just sent. Raise NotNow on a closed ticket,
    ValidationError for a file. Return the Event.
    """
    ticket = lock(number)
    _is_read_here(ticket)
    if once and (there := said_just_now(ticket, body, author=author, at=at, kinds=(Event.Kind.MESSAGE,), files=files)):
        return there
    event = record(ticket, Event.Kind.MESSAGE, actor=author, at=at, body=body)
    attach_all(ticket, files, by=author, at=at, event=event)
    if author is None or author.is_care:
        clocks.care_team_wrote(ticket, at=at)
        open_if_new(ticket, at=at)
        owe_email(ticket, "message", at=at, about=event.pk)
        outbox.notify_after_commit()
    else:
        _partner_wrote(ticket, author, at)
    ticket.updated_at = at
    search_index.add(ticket, body, updated_at=at, **clocks.values(ticket))
    return event


def _is_read_here(ticket):
    """Raise NotNow where nobody would read it: on a closed ticket, and on one that continues in another."""
    if ticket.status == S.CLOSED:
        raise NotNow(_("This ticket is closed. Open a new request and mention this ticket there."))
    ensure_not_merged(ticket)


def _partner_wrote(ticket, author, at):
    if ticket.status == S.SOLVED:
        move(ticket, S.OPEN, at=at)
        record(ticket, Event.Kind.REOPENED, actor=author, at=at)
        notify_resumed(ticket, at=at)
    elif ticket.status == S.PENDING:
        move(ticket, S.OPEN, at=at)  # somebody has to read it; the partner's open step stays open
    clocks.partner_wrote(ticket, at=at)


@transaction.atomic
def note(number, body, *, author, at, files=(), once=False):
    """Add an internal note, visible to staff only, including in e-mails and the API. `once`: see `reply`. Return the Event."""
    ticket = lock(number)
    if once and (there := said_just_now(ticket, body, author=author, at=at, kinds=(Event.Kind.NOTE,), files=files)):
        return there
    event = record(ticket, Event.Kind.NOTE, actor=author, at=at, body=body, internal=True)
    search_index.add(ticket, body, internal=True)
    attach_all(ticket, files, by=author, at=at, event=event, internal=True)
    return event


@transaction.atomic
def ask_partner(number, text, *, author, at, files=(), once=False):
    """Ask the partner a question; the ticket waits for the answer. `once`: see `reply`. Raise NotNow if it is over. Return the Event."""
    ticket = lock(number)
    if ticket.is_over:
        raise NotNow(_("This ticket is solved."))
    if once and (there := said_just_now(ticket, text, author=author, at=at, kinds=(Event.Kind.QUESTION,), files=files)):
        return there
    clocks.care_team_wrote(ticket, at=at)
    open_if_new(ticket, at=at)
    move(ticket, S.PENDING, at=at, waiting_for=Ticket.WaitingFor.PARTNER)
    return _write_to_partner(ticket, Event.Kind.QUESTION, text, author, at, files)


@transaction.atomic
def answer(number, text, *, author, at, files=()):
    """Solve the request with an answer, for questions rather than executions. A charge for an earlier rejection is given back.

    Raise NotNow if the ticket is over or its request is being executed. Return the Event.
    """
    ticket = lock(number)
    if ticket.is_over or ticket.execution in (Ticket.Execution.REQUESTED, Ticket.Execution.DONE):
        raise NotNow(_("This request is already solved or being carried out."))
    clocks.care_team_wrote(ticket, at=at)
    open_if_new(ticket, at=at)
    move(ticket, S.SOLVED, at=at, outcome=Ticket.Outcome.ANSWERED)
    reverse_rejection_fee(ticket, at=at)
    event = _write_to_partner(ticket, Event.Kind.ANSWERED, text, author, at, files)
    notify_ended(ticket, event, at=at)
    return event


def _write_to_partner(ticket, kind, body, author, at, files):
    """Record a text of the care team with its files: on the timeline, in the search index, and by e-mail. Return the Event."""
    event = record(ticket, kind, actor=author, at=at, body=body)
    attach_all(ticket, files, by=author, at=at, event=event)
    search_index.add(ticket, body)
    owe_email(ticket, "message", at=at, about=event.pk)
    outbox.notify_after_commit()
    return event


@transaction.atomic
def add_files(number, files, *, by, at):
    """Attach files without a message: a partner's are an answer like a message. Return the Attachments.

    Raise ValidationError; NotNow if a partner's files would go unseen.
    """
    ticket = lock(number)
    if not by.is_care:
        _is_read_here(ticket)
    event = record(ticket, Event.Kind.ATTACHED, actor=by, at=at)
    if not by.is_care:
        _partner_wrote(ticket, by, at)
        ticket.updated_at = at
        ticket.save(update_fields=["updated_at", *clocks.COLUMNS])
    return attach_all(ticket, files, by=by, at=at, event=event)
