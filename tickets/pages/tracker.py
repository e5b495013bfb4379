"""Where a request stands: the stations of its way, and who acts next in words."""

from django.utils.translation import gettext_lazy

from tickets.models import Event, Ticket
from tickets.types import kind_of

CAME_TO_NOTHING = (Ticket.Outcome.REJECTED, Ticket.Outcome.WITHDRAWN, Ticket.Outcome.MERGED)
STATIONS = (Event.Kind.SUBMITTED, Event.Kind.APPLIED, Event.Kind.STEP, Event.Kind.ANSWERED)
_NEXT = {
    "partner": gettext_lazy("It is your turn."),
    "carrier": gettext_lazy("The carrier answers next."),
    "warehouse": gettext_lazy("The warehouse acts next."),
    "parties": gettext_lazy("The parties confirm next, each by the link in its mail."),
    "": gettext_lazy("The care team acts next."),
}
_WITH = {
    "partner": gettext_lazy("Your turn"),
    "carrier": gettext_lazy("With the carrier"),
    "warehouse": gettext_lazy("With the warehouse"),
    "parties": gettext_lazy("With the parties"),
    "": gettext_lazy("With the care team"),
}


def stations(ticket, events=None, *, for_staff=False):
    """[{title, state, at}] for components/steps.html. `events` are the ticket's (kind, step, at); default: those of a whole ticket."""
    if events is None:
        events = [(event.kind, event.data.get("step"), event.at) for event in ticket.events.all() if event.kind in STATIONS]
    at = {(kind, step or ""): at for kind, step, at in events}
    shown = [
        {"title": str(m.title), "at": at[m.kind, m.step], "state": "done"}
        if (m.kind, m.step) in at and (ticket.is_over or not m.at_last)
        else {"title": str(m.title), "at": None, "state": "todo"}
        for m in kind_of(ticket).track(ticket)
    ]
    last = max((place for place, station in enumerate(shown) if station["state"] == "done"), default=-1)
    for station in shown[:last]:
        station["state"] = "done"  # a station that was passed over is behind us all the same
    if ticket.outcome in CAME_TO_NOTHING:
        state = "failed" if ticket.outcome == Ticket.Outcome.REJECTED else "done"  # to withdraw it was the partner's wish
        return [*shown[: last + 1], {"title": ticket.get_outcome_display(), "at": ticket.solved_at, "state": state}]
    if ticket.outcome == Ticket.Outcome.ANSWERED and last + 1 < len(shown):  # answered instead of what else was to be done
        return [*shown[: last + 1], {"title": ticket.get_outcome_display(), "at": ticket.solved_at, "state": "done"}]
    if ticket.outcome == Ticket.Outcome.EXECUTED and last + 1 < len(shown):  # another way than all of it: nothing came any more, say
        steps = [(at, step) for kind, step, at in events if kind == Event.Kind.STEP]
        title = kind_of(ticket).taken.get(max(steps, default=(None, ""))[1], ticket.get_outcome_display())
        return [*shown[: last + 1], {"title": str(title), "at": ticket.solved_at, "state": "done"}]
    if ticket.outcome == Ticket.Outcome.DECLINED:
        return [*shown[:-1], shown[-1] | {"state": "failed"}]
    if ticket.is_over or last + 1 == len(shown):
        return shown
    whom = gettext_lazy("With the partner") if for_staff and ticket.waiting_for == Ticket.WaitingFor.PARTNER else _WITH[ticket.waiting_for]
    # What comes next is not where it stands: "Everybody agreed" is not said before. Who has the request is a station of its own.
    return [*shown[: last + 1], {"title": str(whom), "at": None, "state": "current"}, *shown[last + 1 :]]


def next_in_words(ticket):
    """Who acts next, for the partner; "" when it is over."""
    return "" if ticket.is_over else _NEXT[ticket.waiting_for]
