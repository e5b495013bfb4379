"""The queue page around its rows: filter chips, sort orders, columns and canonical query strings."""

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

# In display order; the subject is always shown.
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
    "-updated": gettext_lazy("Latest update first"),
    "updated": gettext_lazy("Oldest update first"),
    "-created": gettext_lazy("Newest first"),
    "created": gettext_lazy("Oldest first"),
    "due": gettext_lazy("Due soonest"),
    "-due": gettext_lazy("Due latest"),
    "priority": gettext_lazy("Critical first"),
    "-priority": gettext_lazy("Critical last"),
    "-number": gettext_lazy("Highest number first"),
    "number": gettext_lazy("Lowest number first"),
    "wakes": gettext_lazy("Snooze ends soonest"),
    "-wakes": gettext_lazy("Snooze ends latest"),
}
VIEWS = {key: label for key, label, _icon in rail.VIEWS}
# The keys of a queue query; the other keys of an address concern the page (its position, the saved view it came from).
ASKING = (*KEYS, "order")
_PLACES = {key: place for place, key in enumerate((*ASKING, "saved"))}
_KNOWN, _KNOWN_AND_SAVED = frozenset(ASKING), frozenset(_PLACES)


def address(data, *, saved=True, **changes):
    """Return the query string with `changes` applied (None removes a key), starting at the first page.

    Unknown keys and the default order are left out, so that equal queries have equal strings.
    """
    keys = {*data, *changes} & (_KNOWN_AND_SAVED if saved else _KNOWN)
    pairs = []
    for key in sorted(keys, key=_PLACES.get):
        values = changes[key] if key in changes else data.getlist(key)
        pairs += [(key, value) for value in values or () if value.strip() and (key, value) != ("order", USUAL_ORDER)]
    return urlencode(pairs)


def columns_of(user):
    """Return the user's columns, or the default ones. One query."""
    return chosen(Agent.objects.filter(user=user).values_list("columns", flat=True).first())


def chosen(columns):
    """Return these columns in display order, or the default ones; always with the subject."""
    return tuple(key for key in COLUMNS if key in (columns or USUAL_COLUMNS) or key == "subject")


def chips(data, asked, saved):
    """Return a chip per active filter with the address that removes it; an invalid one carries its error and has no effect.

    The view gets a chip only if the title does not already name it: on a saved view or a search.
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
        return _("me") if value == "me" else _("unassigned")
    choices = {str(code): label for code, label in getattr(asked.form.fields[key], "choices", ())}
    return choices.get(str(value), value)


def orders(data):
    """Return the sort menu: {"now", "all": list of label, url, active, "is_of_due": whether tickets without a due time are left out}."""
    present, _columns = order_of(data.get("order", ""))
    listed = [
        {"label": label, "url": f"?{address(data, order=None if key == USUAL_ORDER else [key])}", "active": key == present}
        for key, label in WORDS_OF_ORDERS.items()
        if not key.endswith("wakes") or data.get("view") == "snoozed"
    ]
    return {"now": WORDS_OF_ORDERS[present], "all": listed, "is_of_due": present.endswith("due") and data.get("view") != "soon"}


def heads(data, columns):
    """Return the column headers, sortable ones with their sort link: list of key, label, url, sort."""
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
    """Return the title of the list."""
    if saved:
        return saved.name
    if data.get("q", "").strip():
        return _("Search")
    if topic := active_key(data, saved).partition("topic:")[2]:
        return dict(TOPIC_CHOICES).get(topic, topic)
    return VIEWS.get(asked.shown_view, _("Tickets"))


def active_key(data, saved):
    """Return the key of the list's sidebar entry."""
    if saved:
        return f"saved:{saved.pk}"
    asked = {key for key in KEYS if data.get(key, "").strip()}
    if asked == {"topic"} and len(data.getlist("topic")) == 1:
        return f"topic:{data['topic']}"
    return data.get("view", "open") if asked <= {"view"} else ""
