"""Until when a ticket can be snoozed, by the support calendar of its partner, and what ends the snooze early. Pure."""

import datetime

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets import sla
from tickets.models import Event

K = Event.Kind
LONGEST = relativedelta(years=1)  # anything beyond is a typing error
CHOICES = {
    "later": gettext_lazy("Later, in support hours"),
    "tomorrow": gettext_lazy("Tomorrow morning"),
    "workday": gettext_lazy("Next working day"),
    "monday": gettext_lazy("Next week"),
    "week": gettext_lazy("In a week"),
}
# The request has progressed, whoever caused it.
GONE_ON = (K.APPLIED, K.REFUSED, K.FAILED, K.STEP)
SAID = (K.MESSAGE, K.ATTACHED)


def moments(promised, region, now):
    """Return {choice: the moment it means now for a partner of this region}, earliest first, without impossible choices."""
    calendar = promised.calendar(region)
    today = now.astimezone(calendar.zone).date()
    hours = min(int(promised.book.value("sla.snooze_hours")), 10_000)
    found = {
        "later": sla.due(calendar, now, hours * sla.UNITS["hour"]),
        "tomorrow": sla.opening(calendar, today + sla.DAY),
        "workday": sla.next_opening(calendar, today + sla.DAY),
        "monday": sla.next_opening(calendar, today + (7 - today.weekday()) * sla.DAY),
        "week": sla.next_opening(calendar, today + 7 * sla.DAY),
    }
    there = {choice: moment.replace(second=0, microsecond=0) for choice, moment in found.items() if moment and moment > now}
    return dict(sorted(there.items(), key=lambda pair: pair[1]))


def on_day(promised, region, day, now):
    """Return the next start of support hours from this day on. Raise ValidationError if it is past or too far away."""
    calendar = promised.calendar(region)
    if day > now.astimezone(calendar.zone).date() + LONGEST:
        raise _too_far()
    return checked(sla.next_opening(calendar, day), now)


def meant(promised, region, value, now):
    """Return the moment a choice or a day (ISO 8601) means for a partner of this region, or None. Raise ValidationError."""
    if value in CHOICES:
        return moments(promised, region, now).get(value)
    return on_day(promised, region, datetime.date.fromisoformat(value), now)


def checked(until, now):
    """Return the moment if a ticket can be snoozed until then. Raise ValidationError."""
    if until <= now:
        raise ValidationError(_("Choose a time in the future."), code="past")
    if until > now + LONGEST:
        raise _too_far()
    return until


def _too_far():
    return ValidationError(_("A ticket can be snoozed for at most a year."), code="far")


def in_words(promised, region, until, now=None):
    """Return the moment in the time zone of the partner's support calendar: Mon 30 Nov, 09:00; with the year unless it is `now`'s."""
    local = until.astimezone(promised.calendar(region).zone)
    return date_format(local, "D j M, H:i" if now and local.year == now.year else "D j M Y, H:i")


def is_ended_by(kind, actor, data):
    """Return whether this event ends a snooze immediately.

    It does if the partner writes, a party decides or is no longer asked, the request is executed, stopped or moved on by a step (such as
    a carrier's answer), or the ticket is assigned to somebody else.
    """
    if kind in SAID:
        return bool(actor and not actor.is_care)
    if kind == K.ASSIGNED:
        return data.get("to") not in ("", str(actor))
    return kind in GONE_ON or (kind == K.CONFIRMATION and bool(data.get("decision") or "overtaken" in data))
