"""Filters as chips above a list, for components/filters.html: links that change one thing the address asks for and keep the rest."""

PLACE = ("before", "after")  # of the paging: it belongs to the list as it was


def query_of(request, **changes):
    """The query of the address from the first page on, with these values; None or "" takes a key away."""
    query = request.GET.copy()
    for key in (*PLACE, *changes):
        query.pop(key, None)
    query.update({key: value for key, value in changes.items() if value})
    return f"?{query.urlencode()}"


def chip(request, label, **changes):
    """A filter as a link that keeps the others; None takes a key away."""
    active = all(request.GET.get(key, "") == (value or "") for key, value in changes.items())
    return {"label": label, "url": query_of(request, **changes), "active": active}


def chips(request, name, choices, *, everything):
    """(value, chips): what the address asks for under `name`, "" unless it is one of `choices`, and a link for each.

    `everything` labels the one that takes the filter away.
    """
    asked = request.GET.get(name, "")
    value = asked if asked in dict(choices) else ""
    return value, [chip(request, label, **{name: other}) | {"active": other == value} for other, label in (("", everything), *choices)]
