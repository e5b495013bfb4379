"""A partner's PBXs."""

from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from partners.gates import contact_required
from partners.paging import keyset
from pbx.models import Pbx


@require_GET
@contact_required
def pbxs(request):
    """The list of PBXs with their Commitments and licences, found by `q`."""
    found = Pbx.objects.visible_to(request.user).select_related("end_user", "wms_server").prefetch_related("commitments", "licences")
    query = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    if query:
        found = found.filter(Q(serial__istartswith=query) | Q(name__istartswith=query) | Q(end_user__name__istartswith=query))
    page = keyset(found, ("serial", "id"), request, size=50)
    labels = (_("End user"), _("Term"), _("Expires"), _("Commitment"), _("WMS"), _("Licences"))
    today = timezone.now().date()
    context = {
        "kind": "pbxs",
        "title": _("PBXs"),
        "columns": [{"label": label} for label in (_("PBX"), *labels)],
        "rows": [_row(pbx, labels, today) for pbx in page.rows],
        "q": query,
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "portal/assets.html", context)


def _row(pbx, labels, today):
    commitment = pbx.commitment_on(today)
    cells = (
        {"text": pbx.end_user.name},
        {"text": capfirst(pbx.get_term_display()), "note": pbx.get_product_display()},
        {"date": pbx.expires_on} if pbx.expires_on else {"text": ""},
        {"date": commitment.ends_on, "note": _("%(years)s years") % {"years": commitment.years}} if commitment else {"text": ""},
        {"text": capfirst(pbx.get_wms_role_display()), "note": pbx.wms_version},
        {"text": ", ".join(str(licence) for licence in pbx.licences.all())},
    )
    return {
        "display": pbx.name,
        "sub": pbx.serial,
        "cells": [cell | {"label": label} for cell, label in zip(cells, labels, strict=True)],
        "actions": [],
    }
