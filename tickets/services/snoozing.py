"""Snoozing a ticket until a moment: it leaves the working views, visible to colleagues only, while its clocks keep running."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tickets import snoozing
from tickets.services.lifecycle import NotNow, lock, set_snooze


@transaction.atomic
def snooze(number, until, *, actor, at):
    """Snooze the ticket until then. Raise NotNow if it is over, or the moment is in the past or too far away."""
    ticket = lock(number)
    if ticket.is_over:
        raise NotNow(_("This ticket is solved, so it cannot be snoozed."))
    try:
        snoozing.checked(until, at)
    except ValidationError as refused:
        raise NotNow(refused.messages[0]) from None
    if until != ticket.snoozed_until:
        set_snooze(ticket, until, actor=actor, at=at)
    return ticket


@transaction.atomic
def wake(number, *, actor, at):
    """Return the ticket to the working views now. Nothing changes if it is not snoozed."""
    ticket = lock(number)
    if ticket.snoozed_until:
        set_snooze(ticket, None, actor=actor, at=at)
    return ticket
