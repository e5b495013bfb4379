"""Keyset paging: a page starts after a row rather than at an offset, so page one and page ten thousand cost the same."""

import datetime
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.http import Http404

SIZE = 25


@dataclass(frozen=True)
class Page:
    """The rows of one page, with the URLs of its neighbours ("" if there is none)."""

    rows: list
    newer_url: str
    older_url: str


def keyset(queryset, order, request, size=SIZE, *, others=(), name=""):
    """Return one Page of a queryset ordered by `order`, such as ("-updated_at", "-number"): all ascending or all descending.

    The position is in the signed parameters `after` or `before` of the request, with the prefix `name` if a page has several
    lists; a manipulated one is a 404. `others` are querysets of the same values whose rows are merged in.
    Takes one query, however deep the page.
    """
    after, before = f"{name}after", f"{name}before"
    back = before in request.GET
    place = _read(request, request.GET.get(before) or request.GET.get(after), order)
    order_now = _turned(order) if back else order
    lists = [each.filter(_beyond(order_now, place)) if place else each for each in (queryset, *others)]
    ordered = (lists[0].union(*lists[1:], all=True) if others else lists[0]).order_by(*order_now)
    rows = list(ordered[: size + 1])
    more = len(rows) > size
    rows = rows[:size][::-1] if back else rows[:size]
    newer = bool(rows) and (more if back else bool(place))
    older = bool(rows) and (bool(place) if back else more)
    newer_url = _url(request, before, rows[0], order, name) if newer else ""
    return Page(rows, newer_url, _url(request, after, rows[-1], order, name) if older else "")


def _turned(order):
    return tuple(key[1:] if key.startswith("-") else "-" + key for key in order)


def _beyond(order, place):
    """Return a condition for the rows after a position, which an index on the same columns supports."""
    first, second = (key.lstrip("-") for key in order)
    comparison = "lt" if order[0].startswith("-") else "gt"
    a, b = place
    return Q(**{f"{first}__{comparison}e": a}) & (Q(**{f"{first}__{comparison}": a}) | Q(**{first: a, f"{second}__{comparison}": b}))


def as_page(request, path):
    """Make the response to a form, the page at `path` with its errors, use that address for the paging links of its lists."""
    request.shown_as = path


def here(request, query):
    """Return the address of the current page with another query string."""
    return f"{getattr(request, 'shown_as', '')}?{query}"


def _signer(request, order):
    """Return a signer specific to the list and its order: a position in one is invalid in another, whose columns may differ."""
    return Signer(salt=f"keyset:{getattr(request, 'shown_as', request.path)}:{order[0].lstrip('-')}")


def next_place(request, row, order):
    """Return the query string for the rows after this row of the list at the request's address."""
    return _url(request, "after", row, order)


def _url(request, direction, row, order, name=""):
    values = [getattr(row, key.lstrip("-")) for key in order]
    query = request.GET.copy()
    query.pop(f"{name}before", None)
    query.pop(f"{name}after", None)
    query[direction] = _signer(request, order).sign_object([_write(value) for value in values], compress=False)
    return here(request, query.urlencode())


def _write(value):
    if isinstance(value, datetime.datetime):
        return ["t", value.isoformat()]
    return ["d", value.isoformat()] if isinstance(value, datetime.date) else ["v", value]


def _read(request, text, order):
    if not text:
        return None
    try:
        values = _signer(request, order).unsign_object(text)
    except (BadSignature, ValueError):
        raise Http404 from None
    kinds = {"t": datetime.datetime.fromisoformat, "d": datetime.date.fromisoformat, "v": lambda value: value}
    return [kinds[kind](value) for kind, value in values]
