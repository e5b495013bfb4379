"""The progress of a request: its stations, and who acts next in words."""

from django.utils.translation import gettext_lazy

from tickets.models import Event, Ticket
from tickets.types import kind_of

CAME_TO_NOTHING = (Ticket.Outcome.REJECTED, Ticket.Outcome.WITHDRAWN, Ticket.Outcome.MERGED)
STATIONS = (Event.Kind.SUBMITTED, Event.Kind.APPLIED, Event.Kind.STEP, Event.Kind.ANSWERED)
_NEXT = {
    "partner": gettext_lazy("It is your turn."),
    "carrier": gettext_lazy("Waiting for the carrier’s answer."),
    "warehouse": gettext_lazy("The warehouse acts next."),
    "parties": gettext_lazy("The parties respond next, each through the link in its e-mail."),
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
    """Return [{title, state, at}] for components/steps.html. `events` are the ticket's (kind, step, at), by default its own."""
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
        station["state"] = "done"  # a station that was skipped counts as done, too
    if ticket.outcome in CAME_TO_NOTHING:
        state = "failed" if ticket.outcome == Ticket.Outcome.REJECTED else "done"  # withdrawing is the partner's choice, not a failure
        return [*shown[: last + 1], {"title": ticket.get_outcome_display(), "at": ticket.solved_at, "state": state}]
    if ticket.outcome == Ticket.Outcome.ANSWERED and last + 1 < len(shown):  # answered instead of completing the stations
        return [*shown[: last + 1], {"title": ticket.get_outcome_display(), "at": ticket.solved_at, "state": "done"}]
    if ticket.outcome == Ticket.Outcome.EXECUTED and last + 1 < len(shown):  # ended early, for example because nothing arrived
        steps = [(at, step) for kind, step, at in events if kind == Event.Kind.STEP]
        title = kind_of(ticket).step_titles.get(max(steps, default=(None, ""))[1], ticket.get_outcome_display())
        return [*shown[: last + 1], {"title": str(title), "at": ticket.solved_at, "state": "done"}]
    if ticket.outcome == Ticket.Outcome.DECLINED:
        return [*shown[:-1], shown[-1] | {"state": "failed"}]
    if ticket.is_over or last + 1 == len(shown):
        return shown
    whom = gettext_lazy("With the partner") if for_staff and ticket.waiting_for == Ticket.WaitingFor.PARTNER else _WITH[ticket.waiting_for]
    # The next station is not the present state: "Everybody agreed" must not show early. Whoever has the request is a station in between.
    return [*shown[: last + 1], {"title": str(whom), "at": None, "state": "current"}, *shown[last + 1 :]]


def next_in_words(ticket):
    """Return who acts next, for the partner; "" once the ticket is over."""
    return "" if ticket.is_over else _NEXT[ticket.waiting_for]
