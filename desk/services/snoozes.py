"""Snoozing as an action: what can be chosen from a list, what it means for one ticket, and what it is for the tickets of many regions."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tickets import snoozing
from tickets.services import clocks
from tickets.services.lifecycle import NotNow, lock
from tickets.services.snoozing import snooze, wake
from web.typed import text_of


def choices(_user):
    """What an agent chooses from for tickets whose support calendars differ: [(value, label)]."""
    return [(choice, _("until: %(when)s") % {"when": label.lower()}) for choice, label in snoozing.CHOICES.items()]


def day_of(text):
    """A day as it is kept. Raises ValidationError."""
    try:
        return datetime.date.fromisoformat(text_of(text, 20)).isoformat()
    except ValueError:
        raise ValidationError(_("Write a day like 2026-12-01.")) from None


def still_to_come(value, at):
    """Raise ValidationError for a day that no ticket can be put off until, whatever its region."""
    promised = clocks.promises(at)
    for region in promised.calendars:
        snoozing.on_day(promised, region, datetime.date.fromisoformat(value), at)


def until(ticket, value, asked_at):
    """The moment that a choice, or a day, meant for this ticket when it was asked for. Raises NotNow."""
    try:
        moment = snoozing.meant(clocks.promises(asked_at), ticket.partner.region, value, asked_at)
    except ValidationError as refused:
        raise NotNow(refused.messages[0]) from None
    if moment is None:
        raise NotNow(_("Support never works by the calendar of this region."))
    return moment


def put_off(number, value, *, actor, at, asked_at=None):
    """Snooze the ticket as it was asked for: a job that a worker took up late still means the morning that was seen."""
    snooze(number, until(lock(number), value, asked_at or at), actor=actor, at=at)


def put_back(number, value, *, actor, at):
    """Snoozed until this moment (ISO 8601) as it was before, or awake (None). Raises NotNow once the moment is past."""
    if value:
        snooze(number, datetime.datetime.fromisoformat(value), actor=actor, at=at)
    else:
        wake(number, actor=actor, at=at)
