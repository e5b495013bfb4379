"""Snoozed tickets as pages show them: the current snooze and the times on offer."""

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from desk.pages.ticket_urls import urls_of
from partners.models import Partner
from tickets import snoozing
from tickets.services import clocks


def until(moment, region, now):
    """Return in words when the snooze ends, or "" if the ticket is not snoozed."""
    return snoozing.in_words(clocks.promises(now), region, moment, now) if moment and moment > now else ""


def read(ticket, *, now):
    """Return a ticket page's snooze state and URLs; None for a finished ticket. No query."""
    if ticket.is_over:
        return None
    to = urls_of(ticket.pk)
    return {
        "url": to("snooze"),
        "wake_url": to("wake") if ticket.snoozed_until else "",
        "until": until(ticket.snoozed_until, ticket.partner.region, now),
        "choices": (),
    }


def offered(ticket, *, now, form=None):
    """Return the rest of the context of templates/desk/ticket/snooze.html; `form` is a rejected submission. No query.

    If several choices mean the same time, only the first is offered.
    """
    promised, region = clocks.promises(now), ticket.partner.region
    by_moment, calendar = {}, promised.calendar(region)
    for choice, moment in snoozing.moments(promised, region, now).items():
        by_moment.setdefault(moment, choice)
    return {
        "choices": [
            {
                "label": _("Later today") if choice == "later" and _is_today(moment, now, calendar) else snoozing.CHOICES[choice],
                "value": moment.isoformat(),
                "words": snoozing.in_words(promised, region, moment, now),
                "is_late": bool(ticket.due_at and now < ticket.due_at < moment),
            }
            for moment, choice in by_moment.items()
        ],
        "zone": calendar.zone.key,
        "opens": f"{calendar.start // 60:02}:{calendar.start % 60:02}",
        "due_at": ticket.due_at,
        "errors": form.errors if form else {},
        "day": form["day"].value() or "" if form else "",
    }


def _is_today(moment, now, calendar):
    return moment.astimezone(calendar.zone).date() == now.astimezone(calendar.zone).date()


def foreseen(actions, tickets, now):
    """Yield sentences on what snooze actions mean for these tickets, by their regions' calendars. One query at most."""
    asked = [one["value"] for one in actions if one["do"] in ("snooze", "snooze_day")]
    regions = sorted(tickets.order_by().values_list("partner__region", flat=True).distinct()) if asked else ()
    for value in asked:
        if meant := dict.fromkeys(filter(None, (_meant(value, region, now) for region in regions))):
            yield _("Snoozed until %(when)s.") % {"when": "; ".join(meant)}


def dates(now):
    """Yield (choice, words): what each choice means now across regions. Equal local times are listed once, others by place.

    If a place has two answers because its regions have different holidays, the region is named as well.
    """
    promised = clocks.promises(now)
    found = [(region, calendar.zone, snoozing.moments(promised, region, now)) for region, calendar in promised.calendars.items()]
    for choice in snoozing.CHOICES:
        days, meant = {}, [(region, zone, moments[choice].astimezone(zone)) for region, zone, moments in found if choice in moments]
        for region, zone, local in meant:
            place = zone.key.rpartition("/")[2].replace("_", " ")
            if any(other != local for _region, same, other in meant if same == zone):
                place = f"{place} ({Partner.Region(region).label})"
            days.setdefault(date_format(local, "D j M"), {}).setdefault(date_format(local, "H:i"), {})[place] = True
        if days:
            is_same = sum(map(len, days.values())) == 1
            yield choice, "; ".join(f"{day}, {_hours(hours, is_same)}" for day, hours in days.items())


def _hours(hours, is_same):
    return ", ".join(hour if is_same else f"{hour} {'/'.join(places)}" for hour, places in hours.items())


def _meant(value, region, now):
    promised = clocks.promises(now)
    try:
        moment = snoozing.meant(promised, region, value, now)
    except ValidationError:  # from an old macro
        return ""
    return moment and f"{snoozing.in_words(promised, region, moment, now)} ({promised.calendar(region).zone.key})"
