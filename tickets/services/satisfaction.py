"""Did this help? The partner is asked once a request is solved, and may change the answer once within some days."""

from django.db import transaction
from django.utils.translation import gettext as _

from policies.days import after
from policies.models import PolicyValue
from tickets.models import Event
from tickets.services.lifecycle import NotNow, lock, record

ANSWERS = 2  # the first answer and one change


def has_answered(ticket):
    """Return whether there is an answer about the current solution; answers about earlier solutions do not count."""
    return ticket.rated_at is not None and not (ticket.solved_at and ticket.rated_at < ticket.solved_at)


def last_day(ticket, *, book):
    """Return the last day on which a first answer can be changed (GEN-6)."""
    return after(ticket.rated_at.date(), book.value("satisfaction.change_period"))


def may_answer(ticket, answers, *, book):
    """Return whether an answer is accepted on the book's day; `answers` are the times of answers about the current solution."""
    if not ticket.asks_opinion:
        return False
    return not has_answered(ticket) or (len(answers) < ANSWERS and book.on <= last_day(ticket, book=book))


def answers_of(ticket, events):
    """Return the times of the answers about the current solution, from the ticket's events."""
    rated = [event.at for event in events if event.kind == Event.Kind.RATED]
    return [at for at in rated if not ticket.solved_at or at >= ticket.solved_at]


def check_asked(ticket, *, at):
    """Raise NotNow with the reason if no answer about this ticket is accepted (any more)."""
    book = PolicyValue.objects.book(on=at.date())
    if not ticket.asks_opinion:
        raise NotNow(_("You can tell us how it went once the request is solved."))
    if not may_answer(ticket, answers_of(ticket, ticket.events.filter(kind=Event.Kind.RATED)), book=book):
        raise NotNow(_("You have already answered, and your answer can no longer be changed."))


@transaction.atomic
def rate(number, is_satisfied, note, *, by, at):
    """Record the partner's rating on the ticket and its timeline. Raise NotNow if no answer is accepted (any more).

    A ticket that is reopened and solved again can be rated again. Return the Event, or None if the same answer is already recorded:
    sending it twice is no change.
    """
    ticket = lock(number)
    if ticket.asks_opinion and has_answered(ticket) and (ticket.is_satisfied, ticket.satisfaction_note) == (is_satisfied, note):
        return None
    check_asked(ticket, at=at)
    ticket.is_satisfied, ticket.satisfaction_note, ticket.rated_at = is_satisfied, note, at
    ticket.save(update_fields=["is_satisfied", "satisfaction_note", "rated_at"])
    return record(ticket, Event.Kind.RATED, actor=by, at=at, body=note, satisfied=is_satisfied)
