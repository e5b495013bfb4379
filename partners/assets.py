"""Lists of what a partner has (numbers, devices, PBXs) for portal/assets.html: narrowed by chips, paged, offered as a file."""

from django.urls import reverse

from partners.paging import keyset

SIZE = 50
PLACE = ("before", "after")  # of the paging: it belongs to the list as it was


def chips(request, name, choices, *, everything):
    """(value, chips): what the address asks for under `name`, "" unless it is one of `choices`, and the links for components/filters.html.

    `everything` labels the chip that takes the filter away; each keeps what else the address asks for.
    """
    asked = request.GET.get(name, "")
    value = asked if asked in dict(choices) else ""
    links = [
        {"label": label, "url": _query(request, name, other), "active": other == value} for other, label in (("", everything), *choices)
    ]
    return value, links


def listed(request, found, *, order, labels, row, file):
    """The context of one page of a queryset in the order of these two columns: `row` makes {"display", "cells", …} of an asset.

    `labels` name the columns, that of the asset itself first; `file` names the address of the whole list as CSV.
    """
    page = keyset(found, order, request, size=SIZE)
    rows = [row(asset) for asset in page.rows]
    for shown in rows:
        shown["cells"] = [cell | {"label": label} for cell, label in zip(shown["cells"], labels[1:], strict=True)]
    return {
        "columns": [{"label": label} for label in labels],
        "rows": rows,
        "export_url": reverse(file) + _query(request),
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }


def _query(request, name="", value=""):
    """The query of the address from the first page on, with this value under `name`; an empty one takes it away."""
    query = request.GET.copy()
    for key in (*PLACE, name):
        query.pop(key, None)
    if value:
        query[name] = value
    return f"?{query.urlencode()}"
