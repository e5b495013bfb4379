"""The portal's search: request types, articles, pages, and the partner's own assets, companies and requests, a few of each."""

from functools import partial
from urllib.parse import urlencode

from django.db.models import F, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Invoice
from classound.models import Did
from classound.views import find as find_dids
from classound.views import row as did_row
from hwaas.models import Device, Order
from hwaas.views import find as find_devices
from hwaas.views import row as device_row
from knowledge import articles as knowledge
from knowledge import matching
from partners.asset_lists import form_url, format_date, requests_about
from partners.models import EndUser, Reseller
from pbx.models import Pbx
from pbx.views import find as find_pbxs
from pbx.views import row as pbx_row
from policies.models import PolicyValue
from policies.rulebook import RULES
from tickets.filters import search
from tickets.models import Ticket
from tickets.pages import self_service
from tickets.pages.rows import request_rows
from tickets.types import TYPES
from web.user_input import name_matches, starts_with

FEW = 4
ASK = "general_question"
KINDS = 6  # "cancel" can mean five of them


def read(user, query, *, today):
    """Return the context of portal/search.html, with what `user` may see."""
    book = PolicyValue.objects.book(on=today)
    articles = knowledge.search(query)[:FEW] if query.upper() in RULES else matching.best_matches(query, most=FEW, begun=True)
    asked = search(Ticket.objects.visible_to(user), query)
    requests = request_rows(asked.order_by("-updated_at", "-number")[: FEW + 1])
    places = [place for place in _places(user, query, book) if place["rows"]]
    places = places or [place for place in _papers(user, query, today) if place["rows"]]
    types, answers_first = _types(query, articles)
    pages = self_service.matching_pages(query)
    return {
        "query": query,
        "count": sum(map(len, (types, articles, pages, requests[:FEW], *(place["rows"] for place in places)))),
        "own": bool(places or requests),
        "help": bool(types or articles or pages),
        "types": types,
        "pages": pages,
        "articles": articles,
        "answers_first": answers_first,
        "places": places,
        "requests": requests[:FEW],
        "requests_url": _all("requests", query) if len(requests) > FEW else "",
        "ask_url": form_url("general_question", subject=query),
    }


def _types(query, articles):
    """Return (matching types, whether the articles come first).

    First the types that the best-matching article leads to, then those whose name matches, then those of the other articles. If the best
    article leads to no type but to a report or a self-service page, the articles come first.
    """
    named = matching.matching_names(
        query, {kind.code: (kind.title, kind.search_terms, kind.description) for kind in TYPES.values()}, most=KINDS
    )
    sent = [code for article in articles[:2] for code in article.types if code in TYPES]
    meant = [code for code in (articles[0].types if articles else ()) if code in TYPES and code != ASK]
    meant.sort(key=lambda code: named.index(code) if code in named else KINDS)
    codes = dict.fromkeys([*meant, *named, *sent])
    return [_type(TYPES[code]) for code in list(codes)[:KINDS]], bool(articles) and not meant


def _type(kind):
    url = reverse("portal:form", args=[kind.code])
    return {"title": kind.title, "text": kind.description, "icon": kind.icon, "code": kind.code, "url": url}


def _places(user, query, book):
    """Yield numbers, devices, PBXs, end users and resellers that match, each with its first few rows and the URL of the full list."""
    mine = Pbx.objects.visible_to(user)
    dids = Did.objects.visible_to(user).select_related("pbx__end_user").prefetch_related("emergency_locations")
    dids = find_dids(dids, query, country=user.partner.country, pbxs=mine)
    devices = find_devices(Device.objects.visible_to(user).select_related("item", "pbx__end_user"), query, pbxs=mine)
    pbxs = find_pbxs(mine.select_related("end_user").prefetch_related("commitments", "licences"), query)
    yield _place(_("Numbers"), "phone", "dids", query, dids.order_by("number"), partial(did_row, book=book))
    yield _place(_("Devices"), "device", "devices", query, devices.order_by("serial"), partial(device_row, book=book))
    yield _place(_("PBXs"), "pbx", "pbxs", query, pbxs.order_by("serial"), partial(pbx_row, today=book.on))
    companies = _companies(user, query)
    for name, title in (("customers", _("End users")), ("resellers", _("Resellers"))):
        yield _place(title, "company", name, query, [one for one in companies if one["kind"] == name], _company)


def _companies(user, query):
    """Return the first end users and resellers whose name or code matches. One query."""
    wanted, found = name_matches(query, "name") | starts_with(query, "code"), []
    for model, kind, page, of in ((EndUser, "customers", "customer", F("reseller__name")), (Reseller, "resellers", "reseller", Value(""))):
        rows = model.objects.visible_to(user).filter(wanted).annotate(kind=Value(kind), page=Value(page), of=of)
        found.append(rows.order_by("name", "pk").values("pk", "name", "code", "kind", "page", "of")[: FEW + 1])
    return list(found[0].union(found[1], all=True).order_by("name", "pk"))


def _papers(user, query, today):
    """Yield invoices and orders whose number starts with the query: searched only if no asset or company matches."""
    invoices = Invoice.objects.visible_to(user).filter(starts_with(query, "number"))
    orders = Order.objects.visible_to(user).filter(starts_with(query, "number"))
    yield _place(_("Invoices"), "receipt", "invoices", "", invoices.order_by("-issued_on", "number"), _invoice)
    yield _place(_("Orders"), "truck", "orders", "", orders.order_by("-placed_on", "number"), partial(_order, today=today))


def _place(title, icon, name, query, found, row):
    """Return the first few rows `found`; without a `query` there is no link to a filtered list."""
    rows = [_described(row(one)) for one in found[: FEW + 1]]
    return {
        "title": title,
        "icon": icon,
        "name": name,
        "rows": rows[:FEW],
        "all_url": _all(name, query) if len(rows) > FEW and query else "",
    }


def _described(row):
    """Add the row's `details`, texts of its cells: `alone` is what a cell says where columns have no headings."""
    texts = [row.get("sub"), *(cell.get("alone", cell.get("text")) for cell in row.get("cells", ()) if not cell.get("icon"))]
    return row | {"details": [text for text in texts if text]}


def _company(one):
    cells = ({"text": one["of"]},) if one["of"] else ()
    return {"display": one["name"], "sub": one["code"], "url": reverse(f"portal:{one['page']}", args=[one["pk"]]), "cells": cells}


def _invoice(invoice):
    detail = _("Issued on %(day)s") % {"day": format_date(invoice.issued_on)}
    actions = requests_about(invoice.number, [(_("Dispute"), "credit_note_request", "invoice")])
    return {"display": invoice.number, "sub": detail, "url": reverse("document_pdf", args=[invoice.number]), "actions": actions}


def _order(order, *, today):
    detail = _("Placed on %(day)s") % {"day": format_date(order.placed_on)}
    asked = [(_("Track the shipment"), "shipment_tracking", "order")]
    if not order.cancelled_on and (order.dispatched_on is None or order.dispatched_on > today):
        asked.append((_("Change or cancel"), "order_amendment", "order"))
    return {"display": order.number, "sub": detail, "actions": requests_about(order.number, asked)}


def _all(name, query):
    return f"{reverse(f'portal:{name}')}?{urlencode({'q': query})}"
