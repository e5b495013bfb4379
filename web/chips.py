"""Filters as chips above a list, for components/filters.html: links that change one parameter and keep the rest."""

PLACE = ("before", "after")  # of paging, which belongs to the unchanged list


def query_of(request, **changes):
    """Return the query string for the first page with these parameters changed; None or "" removes one."""
    query = request.GET.copy()
    for key in (*PLACE, *changes):
        query.pop(key, None)
    query.update({key: value for key, value in changes.items() if value})
    return f"?{query.urlencode()}"


def chip(request, label, **changes):
    """Return a filter as a link that keeps the others; None removes a parameter."""
    active = all(request.GET.get(key, "") == (value or "") for key, value in changes.items())
    return {"label": label, "url": query_of(request, **changes), "active": active}


def chips(request, name, choices, *, everything):
    """Return (value, chips): the parameter `name` of the request, "" unless it is one of `choices`, and a link for each choice.

    `everything` is the label of the chip that removes the filter.
    """
    asked = request.GET.get(name, "")
    value = asked if asked in dict(choices) else ""
    return value, [chip(request, label, **{name: other}) | {"active": other == value} for other, label in (("", everything), *choices)]
