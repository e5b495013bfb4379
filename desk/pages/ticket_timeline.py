"""The timeline of the ticket page: tabs with counts, the newest entries, and links to earlier ones."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy

from desk.pages.rail import bounded
from tickets.models import Event
from tickets.pages import timeline
from tickets.services import history
from web.paging import here, keyset, next_place
from web.user_input import parse_number

K = Event.Kind
LABELS = {
    "all": gettext_lazy("All"),
    "conversation": gettext_lazy("Conversation"),
    "internal": gettext_lazy("Internal"),
    "changes": gettext_lazy("Changes"),
    "money": gettext_lazy("Money"),
    "confirmations": gettext_lazy("Confirmations"),
}
ORDER = ("-at", "-pk")
# After these events the header, policy card or money of an open page may be out of date.
CHANGES = tuple(kind for kind in K if kind not in (K.MESSAGE, K.NOTE, K.ATTACHED, K.FOLLOWED))


def tab_of(request):
    """Return the tab named in the address, else "all"."""
    tab = request.GET.get("tab", "")
    return tab if tab in history.TABS else "all"


def read(ticket, request):
    """Return events, tabs and the link to earlier entries. A short timeline needs no further query, whatever the tab.

    The address may name the event to start from: the target of a link, or the first.
    """
    tab, begins = tab_of(request), parse_number(request.GET.get("from", ""), digits=18)
    counts = history.counts(ticket)
    if request.GET.get("after"):
        shown, earlier = _earlier_part(ticket, request)
    elif ticket.is_long and begins and (shown := history.from_on(ticket, tab, begins)):
        earlier = next_place(request, shown[0], ORDER) if counts[tab] > len(shown) else ""
    elif ticket.is_long and tab != "all":
        page = keyset(history.events(ticket, tab), ORDER, request, size=history.NEWEST)
        shown, earlier = page.rows[::-1], page.older_url
    else:
        wanted = history.TABS[tab]
        shown = [event for event in ticket.recent if wanted is None or event.kind in wanted]
        earlier = next_place(request, ticket.recent[0], ORDER) if ticket.is_long else ""
    return {
        "events": entries(ticket, shown, request.user),
        **_ways(ticket, request, earlier),
        "tab": tab,
        "tabs": [_tab(request, key, label, counts[key], key == tab) for key, label in LABELS.items()],
        "last_event": ticket.recent[-1].pk if ticket.recent else 0,
    }


def earlier_part(ticket, request):
    """Return only the entries before the position in the address, and the links to those before them."""
    shown, earlier = _earlier_part(ticket, request)
    return {"events": entries(ticket, shown, request.user), **_ways(ticket, request, earlier)}


def _earlier_part(ticket, request):
    page = keyset(history.events(ticket, tab_of(request)), ORDER, request, size=history.NEWEST)
    return page.rows[::-1], page.older_url


def entries(ticket, shown, user):
    """Return events for components/event.html; the partner's messages on this ticket can be split into a new one."""
    found = timeline.entries(ticket, shown, user=user, files=history.files(ticket, shown), landmarks=ticket.landmarks)
    for entry in found:
        entry["may_split"] = entry["kind"] == "message" and not entry.get("of") and not entry["is_staff"]
        if entry.get("of"):
            entry["of_url"] = reverse("desk:ticket", args=[entry["of"]])
    return found


def _ways(ticket, request, earlier):
    whole = urlencode({"tab": tab_of(request), "from": ticket.landmarks[0].pk}) if earlier and ticket.landmarks else ""
    return {"earlier_url": earlier, "whole_url": whole and here(request, whole)}


def _tab(request, key, label, count, active):
    url = here(request, f"tab={key}" if key != "all" else "")
    return {"label": label, "url": f"{url}#h-timeline", "count": bounded(count, history.COUNTED), "active": active}
