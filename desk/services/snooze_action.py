"""Snoozing as an action: the choices, their meaning for one ticket, and for tickets of several regions."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tickets import snoozing
from tickets.services import clocks
from tickets.services.lifecycle import NotNow, lock
from tickets.services.snoozing import snooze, wake
from web.user_input import parse_text


def choices(_user):
    """Return the choices for tickets whose support calendars differ: [(value, label)]."""
    return [(choice, _("until: %(when)s") % {"when": label.lower()}) for choice, label in snoozing.CHOICES.items()]


def day_of(text):
    """Return a date as it is stored. Raise ValidationError."""
    try:
        return datetime.date.fromisoformat(parse_text(text, 20)).isoformat()
    except ValueError:
        raise ValidationError(_("Enter a date like 2026-12-01.")) from None


def still_to_come(value, at):
    """Raise ValidationError for a date to which no ticket can be snoozed any more, whatever its region."""
    promised = clocks.promises(at)
    for region in promised.calendars:
        snoozing.on_day(promised, region, datetime.date.fromisoformat(value), at)


def until(ticket, value, asked_at):
    """Return the moment that a choice or a date meant for this ticket at `asked_at`. Raise NotNow."""
    try:
        moment = snoozing.meant(clocks.promises(asked_at), ticket.partner.region, value, asked_at)
    except ValidationError as refused:
        raise NotNow(refused.messages[0]) from None
    if moment is None:
        raise NotNow(_("This region’s support calendar has no working hours."))
    return moment


def put_off(number, value, *, actor, at, asked_at=None):
    """Snooze the ticket as requested: a job that a worker starts late still means the morning that was shown."""
    snooze(number, until(lock(number), value, asked_at or at), actor=actor, at=at)


def put_back(number, value, *, actor, at):
    """Restore the snooze until this moment (ISO 8601), or end it (None). Raise NotNow if the moment has passed."""
    if value:
        snooze(number, datetime.datetime.fromisoformat(value), actor=actor, at=at)
    else:
        wake(number, actor=actor, at=at)
