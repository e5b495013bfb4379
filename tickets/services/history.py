"""The timeline of one ticket, read from its newest events, so that 5,000 events open as quickly as five."""

from collections import Counter

from django.db.models import Q, Subquery
from django.db.models.functions import Left

from engine.prepared_queries import Parameter, PreparedQuery
from partners.models import User
from tickets.models import Attachment, Event

K = Event.Kind
NEWEST = 50
COUNTED = 1000  # the most events counted for the tabs
SAID = (K.SUBMITTED, K.MESSAGE, K.QUESTION, K.ANSWERED, K.REJECTED)
SAID_HERE = (*SAID, K.NOTE)  # for the care team
TABS = {
    "all": None,
    "conversation": SAID,
    "internal": (K.NOTE,),
    "changes": tuple(kind for kind in K if kind not in (*SAID_HERE, K.CHARGE_DUE, K.POSTED, K.CONFIRMATION)),
    "money": (K.CHARGE_DUE, K.POSTED),
    "confirmations": (K.CONFIRMATION,),
}
LANDMARKS = (K.SUBMITTED, K.APPLIED, K.STEP, K.ANSWERED, K.CHARGE_DUE, K.POSTED, K.OVERRIDDEN)
_is_landmark = Q(kind__in=LANDMARKS) | Q(kind=K.STATUS, data__has_key="corrections")


def events(ticket, tab="all"):
    """Return the events of a ticket for the desk, including the conversation of tickets merged into it."""
    rows = Event.objects.select_related("actor__partner")
    own = Q(ticket=ticket.pk)
    merged = Q(ticket__in=ticket.merged_numbers, kind__in=SAID_HERE) if ticket.merged_numbers else Q()
    rows = rows.filter(own | merged if merged else own)
    return rows.filter(kind__in=TABS[tab]) if TABS[tab] else rows


def from_on(ticket, tab, key):
    """Return the events from the one with this key on, oldest first, at most the newest COUNTED; [] for another ticket's event."""
    at = Event.objects.filter(pk=key, ticket__in=[ticket.pk, *ticket.merged_numbers]).values("at")
    found = events(ticket, tab).filter(Q(at__gt=Subquery(at)) | Q(at=Subquery(at), pk__gte=key))
    return list(found.order_by("-at", "-pk")[:COUNTED])[::-1]


def merged_conversation(ticket, *, for_staff):
    """Return the conversation of the tickets merged into this one; without internal events for partners."""
    found = Event.objects.select_related("actor__partner").filter(ticket__in=ticket.merged_numbers, kind__in=SAID_HERE)
    return list(found if for_staff else found.filter(is_internal=False))


def last_said(numbers):
    """Return {number: beginning of the last text} of these tickets, for the care team."""
    return dict(_last(numbers, kind__in=SAID_HERE))


def last_told(numbers):
    """Return {number: beginning of what the partner was last told}, results included, unless the partner has written since."""
    told = _last(numbers, "kind", "actor__role", kind__in=(*SAID, K.APPLIED, K.STEP), is_internal=False)
    return {number: text for number, text, kind, role in told if role != User.Role.CONTACT or kind not in SAID}


def _last(numbers, *columns, **which):
    found = Event.objects.filter(ticket__in=numbers, **which).exclude(body="").order_by("ticket", "-at", "-pk").distinct("ticket")
    return found.values_list("ticket", Left("body", 160), *columns)


def begin(ticket):
    """Read the newest events into ticket.recent, and the other events the page needs of a long timeline into ticket.landmarks."""
    newest = _newest(ticket=ticket.pk) if not ticket.merged_numbers else list(_first(events(ticket)))
    ticket.is_long = len(newest) > NEWEST
    ticket.recent = newest[:NEWEST][::-1]
    ticket.landmarks = (
        list(Event.objects.select_related("actor").filter(_is_landmark, ticket=ticket.pk).order_by("at", "pk")[:COUNTED])
        if ticket.is_long
        else [event for event in ticket.recent if event.ticket_id == ticket.pk]
    )


def _first(rows):
    return rows.order_by("-at", "-pk")[: NEWEST + 1]


_newest = PreparedQuery(lambda: _first(Event.objects.select_related("actor__partner").filter(ticket=Parameter("ticket"))), by_key=True)


def counts(ticket):
    """Return {tab: number of events}, counting at most COUNTED events; for a long timeline, the dossier has read `ticket.kinds`."""
    kinds = Counter(ticket.kinds if ticket.is_long else (event.kind for event in ticket.recent))
    return {tab: sum(kinds[kind] for kind in wanted or kinds) for tab, wanted in TABS.items()}


def files(ticket, shown):
    """Return the attachments of these events: {event key: [Attachment]}; queries those of merged tickets if not read by the dossier."""
    found = list(ticket.attachments.all())
    of_others = [event.pk for event in shown if event.ticket_id != ticket.pk]
    if of_others:
        found += ticket.merged_files if hasattr(ticket, "merged_files") else Attachment.objects.filter(event__in=of_others)
    by_event: dict[int | None, list[Attachment]] = {}
    for attachment in found:
        by_event.setdefault(attachment.event_id, []).append(attachment)
    return by_event


def has_news(ticket, last):
    """Return whether the ticket has a public event after the one with this key."""
    return bool(_news(ticket=ticket.pk, last=last))


_news = PreparedQuery(
    lambda: Event.objects.filter(ticket=Parameter("ticket"), pk__gt=Parameter("last"), is_internal=False).only("pk").order_by("pk")[:1]
)


def since(ticket, last):
    """Return the events after the one with this key, oldest first, at most NEWEST."""
    return list(events(ticket).filter(pk__gt=last).order_by("pk")[:NEWEST])
