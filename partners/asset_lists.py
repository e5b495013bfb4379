"""Lists of a partner's assets (numbers, devices, PBXs) for portal/assets.html: filtered by chips, paginated, downloadable as a file."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from web.chips import chips, query_of
from web.paging import keyset
from web.sparse import Sparse
from web.spreadsheets import addresses
from web.templatetags.careline import day_of
from web.user_input import parse_text

SIZE = 50


def filter_assets(request, mine, field, choices, *, find, everything=""):
    """Return (found, shown): the queryset narrowed by the query string, and the page's context for that: search text, filter, chips.

    `find` narrows a queryset by search text; `field` is filtered by these choices, and `everything` labels the chip for no choice.
    """
    query = parse_text(request.GET.get("q", ""))
    value, filters = chips(request, field, choices, everything=everything or _("All"))
    found = find(mine.filter(**{field: value}) if value else mine, query)
    return found, {"q": query, "kept": {field: value}, "filters": filters}


def page_context(request, found, *, order, labels, row, file):
    """Return the context of one page of a queryset ordered by these two columns. `row` turns an asset into {"display", "cells", …}.

    `labels` are the column headings, that of the asset itself first; `file` is the URL name of the complete list as a file.
    """
    page = keyset(found, order, request, size=SIZE)
    rows = [Sparse(row(asset)) for asset in page.rows]
    for shown in rows:
        shown["cells"] = [Sparse(cell, label=label) for cell, label in zip(shown["cells"], labels[1:], strict=True)]
    return {
        "columns": [{"label": label} for label in labels],
        "rows": rows,
        "files": addresses(file, query=query_of(request)),
        "page": page,
    }


def form_url(code, **about):
    """Return the URL of the form for a type of request, with these fields prefilled."""
    return f"{reverse('portal:form', args=[code])}?{urlencode(about)}"


def requests_about(key, asked):
    """Return the requests on offer for the asset with this key as a list of {label, url}. `asked`: (label, type of request, its field)."""
    return [{"label": label, "url": form_url(code, **{field: key})} for label, code, field in asked]


def format_date(day):
    """Return a date as the text of a cell: 26 Nov 2026."""
    return f"{day_of(day)} {day.year}"
