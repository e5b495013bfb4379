"""What a partner's one box finds: what can be asked for, articles, pages, the partner's own things and requests, a few of each."""

from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from classound.models import Did
from classound.views import find as find_dids
from classound.views import row as did_row
from hwaas.models import Device
from hwaas.views import find as find_devices
from hwaas.views import row as device_row
from knowledge import articles as knowledge
from knowledge import matching
from partners.models import EndUser
from pbx.models import Pbx
from pbx.views import find as find_pbxs
from pbx.views import row as pbx_row
from policies.models import PolicyValue
from policies.rulebook import RULES
from tickets.filters import search
from tickets.models import Ticket
from tickets.pages import portal_pages
from tickets.pages.rows import request_rows
from tickets.types import TYPES
from web.typed import begins_with

FEW = 4
ASK = "general_question"
KINDS = 6  # "cancel" can mean five


def read(user, query, *, today):
    """The template's context for portal/search.html, as `user` may see it."""
    book = PolicyValue.objects.book(on=today)
    articles = knowledge.search(query)[:FEW] if query.upper() in RULES else matching.fitting(query, most=FEW, begun=True)
    asked = search(Ticket.objects.visible_to(user), query)
    requests = request_rows(asked.order_by("-updated_at", "-number")[: FEW + 1])
    places = [place for place in _places(user, query, book) if place["rows"]]
    types, answers_first = _types(query, articles)
    pages = portal_pages.fitting(query)
    return {
        "query": query,
        "count": sum(map(len, (types, articles, pages, requests[:FEW], *(place["rows"] for place in places)))),
        "own": bool(places or requests),
        "told": bool(types or articles or pages),
        "types": types,
        "pages": pages,
        "articles": articles,
        "answers_first": answers_first,
        "places": places,
        "requests": requests[:FEW],
        "requests_url": _all("requests", query) if len(requests) > FEW else "",
        "ask_url": f"{reverse('portal:form', args=['general_question'])}?{urlencode({'subject': query})}",
    }


def _types(query, articles):
    """(types to ask for, whether the answers come first).

    The types that are called like this, of these first what the article that fits best sends to, then what the articles send to. Where that
    one knows another way than the types that are called so, a report or a page to do it oneself, it is what was meant.
    """
    named = matching.named(query, {kind.code: (kind.title, kind.called, kind.description) for kind in TYPES.values()}, most=KINDS)
    sent = [code for article in articles[:2] for code in article.types if code in TYPES]
    meant = [code for code in (articles[0].types if articles else ()) if code in TYPES and code != ASK]
    meant.sort(key=lambda code: named.index(code) if code in named else KINDS)
    codes = dict.fromkeys([*meant, *named, *sent])
    return [_type(TYPES[code]) for code in list(codes)[:KINDS]], bool(articles) and not meant


def _type(kind):
    url = reverse("portal:form", args=[kind.code])
    return {"title": kind.title, "text": kind.description, "icon": kind.icon, "code": kind.code, "url": url}


def _places(user, query, book):
    """Numbers, devices, PBXs and customers that begin like this, each with its first few rows and the address of all."""
    mine = Pbx.objects.visible_to(user)
    dids = Did.objects.visible_to(user).select_related("pbx__end_user").prefetch_related("emergency_locations")
    dids = find_dids(dids, query, country=user.partner.country, pbxs=mine)
    devices = find_devices(Device.objects.visible_to(user).select_related("item", "pbx__end_user"), query, pbxs=mine)
    pbxs = find_pbxs(mine.select_related("end_user").prefetch_related("commitments", "licences"), query)
    customers = EndUser.objects.visible_to(user).select_related("reseller").filter(begins_with(query, "name", "code"))
    yield _place(_("Numbers"), "phone", "dids", query, dids.order_by("number"), partial(did_row, book=book))
    yield _place(_("Devices"), "device", "devices", query, devices.order_by("serial"), partial(device_row, book=book))
    yield _place(_("PBXs"), "pbx", "pbxs", query, pbxs.order_by("serial"), partial(pbx_row, today=book.on))
    yield _place(_("End users"), "company", "customers", query, customers.order_by("name", "pk"), _customer)


def _place(title, icon, name, query, found, row):
    rows = [row(one) for one in found[: FEW + 1]]
    return {"title": title, "icon": icon, "name": name, "rows": rows[:FEW], "all_url": _all(name, query) if len(rows) > FEW else ""}


def _customer(end_user):
    return {
        "display": end_user.name,
        "sub": end_user.code,
        "url": reverse("portal:customer", args=[end_user.pk]),
        "cells": ({"text": end_user.reseller.name},) if end_user.reseller else (),
        "actions": [],
    }


def _all(name, query):
    return f"{reverse(f'portal:{name}')}?{urlencode({'q': query})}"
