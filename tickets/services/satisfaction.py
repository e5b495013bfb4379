"""Did this help? The partner is asked once a request is solved, and may change its mind once, for some days."""

from django.db import transaction
from django.utils.translation import gettext as _

from policies.days import after
from policies.models import PolicyValue
from tickets.models import Event
from tickets.services.lifecycle import NotNow, lock, record

ANSWERS = 2  # the first one, and the one that it is changed to


def has_answered(ticket):
    """Whether there is an answer about the present solution; one about an earlier solution counts no more."""
    return ticket.rated_at is not None and not (ticket.solved_at and ticket.rated_at < ticket.solved_at)


def last_day(ticket, *, book):
    """The last day on which a first answer can be changed (GEN-6)."""
    return after(ticket.rated_at.date(), book.value("satisfaction.change_period"))


def may_answer(ticket, answers, *, book):
    """Whether an answer is taken on the day of the book; `answers` are the times of those about the present solution."""
    if not ticket.asks_opinion:
        return False
    return not has_answered(ticket) or (len(answers) < ANSWERS and book.on <= last_day(ticket, book=book))


def answers_of(ticket, events):
    """The times of the answers about the present solution, out of the ticket's events."""
    rated = [event.at for event in events if event.kind == Event.Kind.RATED]
    return [at for at in rated if not ticket.solved_at or at >= ticket.solved_at]


def check_asked(ticket, *, at):
    """Raises NotNow, with why, when no answer about this ticket is taken (any more)."""
    book = PolicyValue.objects.book(on=at.date())
    if not ticket.asks_opinion:
        raise NotNow(_("Tell us how it went once the request is solved."))
    if not may_answer(ticket, answers_of(ticket, ticket.events.filter(kind=Event.Kind.RATED)), book=book):
        raise NotNow(_("Your answer has been given and can no longer be changed."))


@transaction.atomic
def rate(number, is_satisfied, note, *, by, at):
    """Keep what the partner thinks of how it went, and tell it on the timeline. Raises NotNow when it is not asked (any more).

    A ticket that is reopened and solved anew is asked about anew. Returns the Event, or None for the answer that is there already: who
    sends it twice has not changed it.
    """
    ticket = lock(number)
    if ticket.asks_opinion and has_answered(ticket) and (ticket.is_satisfied, ticket.satisfaction_note) == (is_satisfied, note):
        return None
    check_asked(ticket, at=at)
    ticket.is_satisfied, ticket.satisfaction_note, ticket.rated_at = is_satisfied, note, at
    ticket.save(update_fields=["is_satisfied", "satisfaction_note", "rated_at"])
    return record(ticket, Event.Kind.RATED, actor=by, at=at, body=note, satisfied=is_satisfied)
