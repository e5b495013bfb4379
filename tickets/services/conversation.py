"""Messages, internal notes, questions to the partner, and the files attached to them."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.consents import tell_that_it_goes_on, tell_that_it_is_over
from tickets.models import Event, Ticket
from tickets.services import clocks, delivery, finding
from tickets.services.attaching import attach_all
from tickets.services.lifecycle import NotNow, goes_on_here, lock, move, now_open, record, tell
from tickets.services.progress import take_back_refusal

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
        clocks.answered(ticket, at=at)
        now_open(ticket, at=at)
        tell(ticket, "message", at=at, about=event.pk)
        delivery.nudge()
    else:
        _partner_wrote(ticket, author, at)
    ticket.updated_at = at
    finding.add(ticket, body, updated_at=at, **clocks.values(ticket))
    return event


def _is_read_here(ticket):
    """Raise NotNow where nobody would read it: on a closed ticket, and on one that continues in another."""
    if ticket.status == S.CLOSED:
        raise NotNow(_("This ticket is closed. Open a new request and mention this ticket there."))
    goes_on_here(ticket)


def _partner_wrote(ticket, author, at):
    if ticket.status == S.SOLVED:
        move(ticket, S.OPEN, at=at)
        record(ticket, Event.Kind.REOPENED, actor=author, at=at)
        tell_that_it_goes_on(ticket, at=at)
    elif ticket.status == S.PENDING:
        move(ticket, S.OPEN, at=at)  # somebody has to read it; the partner's open step stays open
    clocks.heard(ticket, at=at)


@transaction.atomic
def note(number, body, *, author, at, files=(), once=False):
    """Add an internal note, visible to staff only, including in e-mails and the API. `once`: see `reply`. Return the Event."""
    ticket = lock(number)
    if once and (there := said_just_now(ticket, body, author=author, at=at, kinds=(Event.Kind.NOTE,), files=files)):
        return there
    event = record(ticket, Event.Kind.NOTE, actor=author, at=at, body=body, internal=True)
    finding.add(ticket, body, internal=True)
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
    clocks.answered(ticket, at=at)
    now_open(ticket, at=at)
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
    clocks.answered(ticket, at=at)
    now_open(ticket, at=at)
    move(ticket, S.SOLVED, at=at, outcome=Ticket.Outcome.ANSWERED)
    take_back_refusal(ticket, at=at)
    event = _write_to_partner(ticket, Event.Kind.ANSWERED, text, author, at, files)
    tell_that_it_is_over(ticket, event, at=at)
    return event


def _write_to_partner(ticket, kind, body, author, at, files):
    """Record a text of the care team with its files: on the timeline, in the search index, and by e-mail. Return the Event."""
    event = record(ticket, kind, actor=author, at=at, body=body)
    attach_all(ticket, files, by=author, at=at, event=event)
    finding.add(ticket, body)
    tell(ticket, "message", at=at, about=event.pk)
    delivery.nudge()
    return event


@transaction.atomic
def add_files(number, files, *, by, at):
    """Attach files without a message. Raise ValidationError; NotNow if a partner's files would go unseen. Return the Attachments."""
    ticket = lock(number)
    if not by.is_care:
        _is_read_here(ticket)
    event = record(ticket, Event.Kind.ATTACHED, actor=by, at=at)
    return attach_all(ticket, files, by=by, at=at, event=event)
