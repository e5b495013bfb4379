"""A ticket's clocks as its page shows them."""

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets import sla
from tickets.services import clocks
from tickets.sla_targets import CLOCKS, Promises
from web.templatetags.careline import day_of, moment

LABELS = {"first": gettext_lazy("First answer"), "next": gettext_lazy("Next answer"), "solution": gettext_lazy("Solution")}


def read(ticket, book=None, *, now):
    """Return this ticket's clocks for desk/_clocks.html, by the values in force now unless a PolicyBook is given.

    Each has label, state (ok, soon, late, paused, met, met_late), at (due, or met), and its calculation: began, target, calendar, used
    (support time, in words) and pauses (list of from, until). `in_short` is a one-line summary, `facts` a list of {label, value}.
    """
    promised = Promises(book) if book else clocks.promises(now)
    calendar = promised.calendar(ticket.partner.region)
    shown = [_clock(ticket, clock, promised, calendar, now) for clock in CLOCKS]
    return [clock for clock in shown if clock]


def pressing(shown):
    """Return the running clock that is due first, which the page header shows; None if none is running."""
    return min((clock for clock in shown if clock["state"] in ("ok", "soon", "late")), key=lambda clock: clock["at"], default=None)


def _clock(ticket, clock, promised, calendar, now):
    due = getattr(ticket, clocks.DUE[clock])
    met = {"first": ticket.first_answered_at, "solution": ticket.solved_at}.get(clock)
    began = clocks.began(ticket, clock)
    if not due or not began or not (met or clocks.runs(ticket, clock)):
        return None
    target = promised.target(clock, ticket)
    used_until = met or now
    pauses = [(begun, until) for begun, until in clocks.pauses_of(ticket, used_until) if until > began and begun < used_until]
    used = spent(sla.minutes(calendar, began, used_until, pauses))
    day = timezone.localtime(due)
    words = target.in_words() if target else ""
    said = {"target": words or "–", "used": used, "day": f"{day_of(day)}, {day:%H:%M}"}
    shown = {
        "key": clock,
        "label": LABELS[clock],
        "state": _state(ticket, clock, due, met, promised, calendar, now),
        "at": met or due,
        "due_at": due,
        "began": began,
        "target": words,
        "calendar": f"{hours(calendar)}, {calendar.zone.key}",
        "used": used,
        "pauses": pauses,
        "in_short": _("Target %(target)s, %(used)s used, due %(day)s UTC") % said,
    }
    return shown | {"facts": _facts(shown)}


def _facts(clock):
    """Return how a clock's due time was calculated, as {label, value}."""
    is_met = clock["state"] in ("met", "met_late")
    rows = [
        (_("Started"), clock["began"]),
        (_("Target"), clock["target"]),
        (_("Due if resumed now") if clock["state"] == "paused" else _("Due"), clock["due_at"]),
        (_("Met"), clock["at"] if is_met else ""),
        (_("Used"), _("%(used)s of support time") % clock),
        *((_("Paused"), format_html("{} – {}", moment(begun, time=True), moment(until, time=True))) for begun, until in clock["pauses"]),
        (_("Calendar"), clock["calendar"]),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def spent(minutes):
    """Return support time in words: under 1 min, 45 min, 20 h 05 min."""
    if not minutes:
        return _("under 1 min")
    hours, rest = divmod(minutes, 60)
    return _("%(h)d h %(m)02d min") % {"h": hours, "m": rest} if hours else _("%(m)d min") % {"m": rest}


def hours(calendar):
    """Return support hours in words: Mon–Fri, 09:00–18:00."""
    if calendar.is_never_open:
        return _("never")
    days = sorted(calendar.days)
    in_a_row = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
    named = [str(WEEKDAYS_ABBR[day]) for day in days]
    start, end = (f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (calendar.start, calendar.end))
    return f"{f'{named[0]}–{named[-1]}' if in_a_row else ', '.join(named)}, {start}–{end}"


def _state(ticket, clock, due, met, promised, calendar, now):
    if met:
        return "met_late" if getattr(ticket, clocks.LATE[clock]) else "met"
    if ticket.status in clocks.WAITING:
        return "paused"
    if due < now:
        return "late"
    ahead = promised.book.value("sla.notice_minutes") * sla.UNITS["minute"]
    return "soon" if sla.worked(calendar, now, due) <= ahead else "ok"
