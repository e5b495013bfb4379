"""Lists of what a partner has (numbers, devices, PBXs) for portal/assets.html: narrowed by chips, paged, offered as a file."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from web.chips import chips, query_of
from web.paging import keyset
from web.sparse import Sparse
from web.spreadsheets import addresses
from web.templatetags.careline import day_of
from web.typed import text_of

SIZE = 50


def asked(request, mine, field, choices, *, find, everything=""):
    """(found, shown): what the address asks for of a queryset, and what the page shows of that: words, filter, chips.

    `find` narrows a queryset by words; `field` has these choices, and `everything` labels the chip of no choice.
    """
    query = text_of(request.GET.get("q", ""))
    value, filters = chips(request, field, choices, everything=everything or _("All"))
    found = find(mine.filter(**{field: value}) if value else mine, query)
    return found, {"q": query, "kept": {field: value}, "filters": filters}


def listed(request, found, *, order, labels, row, file):
    """The context of one page of a queryset in the order of these two columns: `row` makes {"display", "cells", …} of an asset.

    `labels` name the columns, that of the asset itself first; `file` names the address of the whole list as a table.
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
    """The address of the form of this type of request, with these fields of it filled in."""
    return f"{reverse('portal:form', args=[code])}?{urlencode(about)}"


def requests_about(key, asked):
    """What can be asked for about the thing with this key, as list of {label, url}; `asked`: (label, type of request, its field)."""
    return [{"label": label, "url": form_url(code, **{field: key})} for label, code, field in asked]


def written(day):
    """A date in the text of a cell: 26 Nov 2026."""
    return f"{day_of(day)} {day.year}"
