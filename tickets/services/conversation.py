"""Messages, internal notes, questions to the partner, and files that come with them."""

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
JUST_NOW = timedelta(minutes=10)  # in which the same words once more are those of a form that was sent twice


def said_just_now(ticket, body, *, author, at, kinds, files=()):
    """The Event of these words with these files, where this person has just said them and nobody anything since; None otherwise.

    Whoever comes back to a page may find in its form again what was sent from there: browsers put the words there, but no files, and
    into a form that is a new one (docs/decisions/0377). The ticket is locked.
    """
    last = ticket.events.filter(kind__in=SAID).order_by("-pk").first()
    if last is None or (last.actor_id, last.body) != (author.pk, body) or last.kind not in kinds or at - last.at > JUST_NOW:
        return None
    return last if {file.size for file in files} <= set(last.attachments.values_list("size", flat=True)) else None


@transaction.atomic
def reply(number, body, *, author, at, files=(), once=False):
    """A message that partner and staff both see. A partner's reply ends waiting for it and reopens a solved ticket.

    Without an author Careline itself has written. `once`: the same words just now are this message. Raises NotNow on a closed ticket,
    ValidationError for a file. Returns the Event.
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
        _heard(ticket, author, at)
    ticket.updated_at = at
    finding.add(ticket, body, updated_at=at, **clocks.values(ticket))
    return event


def _is_read_here(ticket):
    """Raise NotNow where nobody would read it: on a closed ticket, and on one that goes on in another."""
    if ticket.status == S.CLOSED:
        raise NotNow(_("This ticket is closed. Please open a new request and name it there."))
    goes_on_here(ticket)


def _heard(ticket, author, at):
    if ticket.status == S.SOLVED:
        move(ticket, S.OPEN, at=at)
        record(ticket, Event.Kind.REOPENED, actor=author, at=at)
        tell_that_it_goes_on(ticket, at=at)
    elif ticket.status == S.PENDING:
        move(ticket, S.OPEN, at=at)  # somebody has to read it; a step that is the partner's stays open beside that
    clocks.heard(ticket, at=at)


@transaction.atomic
def note(number, body, *, author, at, files=(), once=False):
    """An internal note: for staff only, also in mails and in the API. `once`: see reply. Returns the Event."""
    ticket = lock(number)
    if once and (there := said_just_now(ticket, body, author=author, at=at, kinds=(Event.Kind.NOTE,), files=files)):
        return there
    event = record(ticket, Event.Kind.NOTE, actor=author, at=at, body=body, internal=True)
    finding.add(ticket, body, internal=True)
    attach_all(ticket, files, by=author, at=at, event=event, internal=True)
    return event


@transaction.atomic
def ask_partner(number, text, *, author, at, files=(), once=False):
    """Ask the partner something; the ticket waits for its answer. `once`: see reply. Raises NotNow when it is over. Returns the Event."""
    ticket = lock(number)
    if ticket.is_over:
        raise NotNow(_("This ticket is solved."))
    if once and (there := said_just_now(ticket, text, author=author, at=at, kinds=(Event.Kind.QUESTION,), files=files)):
        return there
    clocks.answered(ticket, at=at)
    now_open(ticket, at=at)
    move(ticket, S.PENDING, at=at, waiting_for=Ticket.WaitingFor.PARTNER)
    return _tell(ticket, Event.Kind.QUESTION, text, author, at, files)


@transaction.atomic
def answer(number, text, *, author, at, files=()):
    """Answer the request and solve it with that: for what is asked rather than carried out. What a refusal has cost goes back.

    Raises NotNow when the ticket is over or its request is being carried out. Returns the Event.
    """
    ticket = lock(number)
    if ticket.is_over or ticket.execution in (Ticket.Execution.REQUESTED, Ticket.Execution.DONE):
        raise NotNow(_("This request is solved or being carried out already."))
    clocks.answered(ticket, at=at)
    now_open(ticket, at=at)
    move(ticket, S.SOLVED, at=at, outcome=Ticket.Outcome.ANSWERED)
    take_back_refusal(ticket, at=at)
    event = _tell(ticket, Event.Kind.ANSWERED, text, author, at, files)
    tell_that_it_is_over(ticket, event, at=at)
    return event


def _tell(ticket, kind, body, author, at, files):
    """The care team's words, with their files: on the timeline, to be found, and mailed. Returns the Event."""
    event = record(ticket, kind, actor=author, at=at, body=body)
    attach_all(ticket, files, by=author, at=at, event=event)
    finding.add(ticket, body)
    tell(ticket, "message", at=at, about=event.pk)
    delivery.nudge()
    return event


@transaction.atomic
def add_files(number, files, *, by, at):
    """Attach files without a message. Raises ValidationError, NotNow for a partner where nobody would see them. Returns the Attachments."""
    ticket = lock(number)
    if not by.is_care:
        _is_read_here(ticket)
    event = record(ticket, Event.Kind.ATTACHED, actor=by, at=at)
    return attach_all(ticket, files, by=by, at=at, event=event)
