"""Lists of what a partner has (numbers, devices, PBXs) for portal/assets.html: narrowed by chips, paged, offered as a file."""

from django.urls import reverse

from partners.chips import query_of
from partners.paging import keyset

SIZE = 50


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
        "export_url": reverse(file) + query_of(request),
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
