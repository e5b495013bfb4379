"""A partner's numbers."""

import re
from urllib.parse import urlencode

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from classound.emergency import emergency_of
from classound.lead_times import lead_times
from classound.models import Did, holds
from classound.numbers import grouped
from partners.gates import contact_required
from partners.paging import keyset
from partners.typed import begins_with, text_of
from policies.models import PolicyValue

TONES = {"active": ("ok", "check"), "ordered": ("info", "clock"), "outgoing_only": ("warn", "alert"), "cancelled": ("", "cross")}


def find(dids, query):
    """DIDs by the beginning of the number, a number inside a range, or the beginning of their PBX's name or serial."""
    query = text_of(query)
    digits = re.sub(r"[^0-9]", "", query)
    if not query:
        return dids
    if digits and re.fullmatch(r"[+0-9X\s().\-/]+", query, re.ASCII | re.IGNORECASE):
        inside = holds(digits) if len(digits) <= 15 else Q()
        return dids.filter(Q(number__startswith="+" + digits) | inside)
    return dids.filter(begins_with(query, "pbx__name", "pbx__serial"))


@require_GET
@contact_required
def dids(request):
    """The list of numbers, found by `q`."""
    book = PolicyValue.objects.book(on=timezone.now().date())
    mine = Did.objects.visible_to(request.user).select_related("pbx__end_user").prefetch_related("emergency_locations")
    page = keyset(find(mine, request.GET.get("q", "")), ("number", "id"), request, size=50)
    labels = (_("Status"), _("Kind"), _("PBX"), _("Active since"), _("Porting date"), _("Emergency calling"))
    context = {
        "kind": "dids",
        "title": _("Numbers"),
        "columns": [{"label": label} for label in (_("Number"), *labels)],
        "rows": [_row(did, labels, book) for did in page.rows],
        "q": request.GET.get("q", ""),
        "facts": lead_times(book),
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "portal/assets.html", context)


def _row(did, labels, book):
    tone, icon = TONES[did.status]
    porting = (
        {"date": did.porting_date, "note": _("confirmed") if did.porting_confirmed else _("not confirmed")}
        if did.porting_date
        else {"text": ""}
    )
    emergency = emergency_of(did, book=book)
    cells = (
        {"text": capfirst(did.get_status_display()), "tone": tone, "icon": icon},
        {"text": capfirst(did.get_kind_display()), "note": did.country},
        {"text": did.pbx.name, "note": did.pbx.end_user.name},
        {"date": did.activated_on} if did.activated_on else {"text": ""},
        porting,
        {"text": emergency.title, "tone": emergency.tone, "icon": emergency.icon},
    )
    return {
        "display": grouped(did.number),
        "number": did.number,
        "cells": [cell | {"label": label} for cell, label in zip(cells, labels, strict=True)],
        "actions": [
            {"label": label, "url": f"{reverse('portal:form', args=[code])}?{urlencode({field: did.number})}"}
            for label, code, field in _requests(did, emergency)
        ],
    }


def _requests(did, emergency):
    """What can be asked for about a number: (label, type of request, its field)."""
    if did.status != Did.Status.CANCELLED:
        yield _("Cancel"), "did_cancel", "dids"
        yield _("Move to another PBX"), "did_transfer", "dids"
        if emergency.state in ("none", "active"):
            yield _("Activate emergency calling"), "emergency_activation", "locations-0-did"
        yield _("Get the migration code"), "did_migration_code", "did"
    if did.porting_confirmed:
        yield _("Change the porting date"), "porting_date_change", "did"
