"""The queue around its rows: filters as chips, orders, columns, and the addresses that keep what is asked."""

import datetime
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.filters import KEYS, ORDERS, USUAL_ORDER, order_of
from desk.models import Agent
from desk.pages import rail
from tickets.filters import TOPIC_CHOICES

# In the order in which they stand; the subject is always there.
COLUMNS = {
    "number": gettext_lazy("Number"),
    "subject": gettext_lazy("Subject"),
    "partner": gettext_lazy("Partner"),
    "type": gettext_lazy("Type"),
    "status": gettext_lazy("Status"),
    "waiting": gettext_lazy("Waiting for"),
    "tags": gettext_lazy("Tags"),
    "fee": gettext_lazy("Fee"),
    "due": gettext_lazy("Due"),
    "created": gettext_lazy("Created"),
    "updated": gettext_lazy("Updated"),
    "owner": gettext_lazy("Owner"),
    "last": gettext_lazy("Last message"),
}
USUAL_COLUMNS = ("number", "subject", "partner", "status", "fee", "due", "updated", "owner")
WORDS_OF_ORDERS = {
    "-updated": gettext_lazy("Last changed first"),
    "updated": gettext_lazy("Longest unchanged first"),
    "-created": gettext_lazy("Newest first"),
    "created": gettext_lazy("Oldest first"),
    "due": gettext_lazy("Due first"),
    "-due": gettext_lazy("Due last"),
    "priority": gettext_lazy("Critical first"),
    "-priority": gettext_lazy("Critical last"),
    "-number": gettext_lazy("Highest number first"),
    "number": gettext_lazy("Lowest number first"),
    "wakes": gettext_lazy("First to wake first"),
    "-wakes": gettext_lazy("Last to wake first"),
}
VIEWS = {key: label for key, label, _icon in rail.VIEWS}
# What names a query of the queue; the rest of an address is about the page (where it begins, which saved view it came from).
ASKING = (*KEYS, "order")
_PLACES = {key: place for place, key in enumerate((*ASKING, "saved"))}
_KNOWN, _KNOWN_AND_SAVED = frozenset(ASKING), frozenset(_PLACES)


def address(data, *, saved=True, **changes):
    """The query that asks the same but for `changes` (None takes a key away), from its first page.

    Keys nobody knows are left out, and the usual order, so that what is the same reads the same.
    """
    keys = {*data, *changes} & (_KNOWN_AND_SAVED if saved else _KNOWN)
    pairs = []
    for key in sorted(keys, key=_PLACES.get):
        values = changes[key] if key in changes else data.getlist(key)
        pairs += [(key, value) for value in values or () if value.strip() and (key, value) != ("order", USUAL_ORDER)]
    return urlencode(pairs)


def columns_of(user):
    """The columns that this person has chosen, or the usual ones. One query."""
    return chosen(Agent.objects.filter(user=user).values_list("columns", flat=True).first())


def chosen(columns):
    """These columns in the order in which they stand, or the usual ones; always with the subject."""
    return tuple(key for key in COLUMNS if key in (columns or USUAL_COLUMNS) or key == "subject")


def chips(data, asked, saved):
    """Every filter that is set, each with the address without it; one that cannot be read says so and narrows nothing.

    The view is among them where the title is another one: that of a saved view, or of a search.
    """
    shown, is_apart = [], bool(saved or data.get("q", "").strip())
    for key in KEYS:
        given = [value for value in data.getlist(key) if value.strip()]
        if not given or (key == "view" and key not in asked.errors and (given[-1] == "all" or not is_apart)):
            continue
        label = str(asked.filters[key].label)
        if key in asked.errors:
            text = f"{label}: {Truncator(', '.join(given)).chars(60)}. {' '.join(asked.errors[key])}"
            shown.append({"label": text, "url": f"?{address(data, **{key: None})}", "bad": True})
            continue
        value = asked.form.cleaned_data[key]
        for one in value if isinstance(value, list) else [value]:
            rest = [other for other in given if isinstance(value, list) and other != one]
            words = Truncator(_words(asked, key, one)).chars(60)
            shown.append({"label": f"{label}: {words}", "url": f"?{address(data, **{key: rest})}", "bad": False})
    return shown


def _words(asked, key, value):
    if isinstance(value, datetime.date):
        return date_format(value, "j M Y")
    if key == "view":
        return VIEWS[value]
    if value in ("me", "nobody") and key == "owner":
        return _("me") if value == "me" else _("nobody")
    choices = {str(code): label for code, label in getattr(asked.form.fields[key], "choices", ())}
    return choices.get(str(value), value)


def orders(data):
    """The menu of orders: {"now", "all": list of label, url, active, "is_of_due": whether that leaves out what has no due time}."""
    present, _columns = order_of(data.get("order", ""))
    listed = [
        {"label": label, "url": f"?{address(data, order=None if key == USUAL_ORDER else [key])}", "active": key == present}
        for key, label in WORDS_OF_ORDERS.items()
        if not key.endswith("wakes") or data.get("view") == "snoozed"
    ]
    return {"now": WORDS_OF_ORDERS[present], "all": listed, "is_of_due": present.endswith("due") and data.get("view") != "soon"}


def heads(data, columns):
    """The column heads, those that can be ordered by with the address that does: list of key, label, url, sort."""
    present, _columns = order_of(data.get("order", ""))
    shown = []
    for key in columns:
        head = {"key": key, "label": COLUMNS[key]}
        if key in ORDERS:
            turned = key if present == f"-{key}" else f"-{key}"
            turned = turned if present.endswith(key) or key != "due" else "due"
            head |= {
                "url": f"?{address(data, order=None if turned == USUAL_ORDER else [turned])}",
                "sort": {key: "ascending", f"-{key}": "descending"}.get(present, ""),
            }
        shown.append(head)
    return [head for head in shown if head["key"] != "last"]


def title(data, asked, saved):
    """What the list is called."""
    if saved:
        return saved.name
    if data.get("q", "").strip():
        return _("Search")
    if topic := active_key(data, saved).partition("topic:")[2]:
        return dict(TOPIC_CHOICES).get(topic, topic)
    return VIEWS.get(asked.shown_view, _("Tickets"))


def active_key(data, saved):
    """Which entry of the rail the list is."""
    if saved:
        return f"saved:{saved.pk}"
    asked = {key for key in KEYS if data.get(key, "").strip()}
    if asked == {"topic"} and len(data.getlist("topic")) == 1:
        return f"topic:{data['topic']}"
    return data.get("view", "open") if asked <= {"view"} else ""
