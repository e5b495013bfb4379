"""A ticket is put off until a moment: out of the working views, for colleagues only, while its clocks go on."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tickets import snoozing
from tickets.services.lifecycle import NotNow, lock, put_off


@transaction.atomic
def snooze(number, until, *, actor, at):
    """Put the ticket off until then. Raises NotNow for what is over, and for a moment that is past or too far."""
    ticket = lock(number)
    if ticket.is_over:
        raise NotNow(_("This ticket is solved: there is nothing to come back to."))
    try:
        snoozing.checked(until, at)
    except ValidationError as refused:
        raise NotNow(refused.messages[0]) from None
    if until != ticket.snoozed_until:
        put_off(ticket, until, actor=actor, at=at)
    return ticket


@transaction.atomic
def wake(number, *, actor, at):
    """Back into the working views now. What is awake stays as it is."""
    ticket = lock(number)
    if ticket.snoozed_until:
        put_off(ticket, None, actor=actor, at=at)
    return ticket
