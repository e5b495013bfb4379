"""A partner's PBXs: the list, and one with its licences, its CLASSOUND FLAT and its special numbers."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from partners.gates import contact_required
from partners.paging import keyset
from pbx.classound_counts import counted, with_numbers
from pbx.models import Pbx
from pbx.rules import one_network_of_the_customer
from policies.catalog import POLICIES
from policies.models import PolicyValue
from policies.rulebook import RULES

NETWORK = 50  # PBXs of one customer that are looked at


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
        "url": reverse("portal:pbx", args=[pbx.serial]),
        "cells": [cell | {"label": label} for cell, label in zip(cells, labels, strict=True)],
        "actions": [],
    }


@require_GET
@contact_required
def pbx(request, serial):
    """One PBX of the partner."""
    context = described(request.user, serial, today=timezone.now().date()) | {"shell": "portal/base.html", "area": "portal"}
    return render(request, "pbx/page.html", context)


def described(user, serial, *, today):
    """What the page of a PBX shows, for whoever may see it. Raises Http404 for everybody else."""
    found = with_numbers(Pbx.objects.visible_to(user).filter(serial=serial))
    shown = found.select_related("end_user__partner", "wms_server").prefetch_related("commitments", "special_numbers").first()
    if shown is None:
        raise Http404
    book = PolicyValue.objects.book(on=today)
    counts = counted(shown, has_numbers=shown.has_numbers, book=book)
    active = list(
        Pbx.objects.visible_to(user).filter(end_user=shown.end_user_id, terminated_on=None, licences__quantity__gt=0).distinct()[:NETWORK]
    )
    return {
        "pbx": shown,
        "commitment": shown.commitment_on(today),
        "counts": counts,
        "policies": [_policy(code, counts.policy) for code in counts.policy],
        "special_numbers": shown.special_numbers.all(),
        "facts": _facts(shown),
        "flags": [
            {"rule": flag.rule, "title": RULES[flag.rule].title, "text": flag.message}
            for flag in one_network_of_the_customer(shown, active, book=book, today=today)
        ],
    }


def _policy(code, values):
    rule = RULES[POLICIES[code].rule]
    return {"rule": rule.code, "title": rule.title, "text": str(POLICIES[code].sentence).replace("{value}", values[code])}


def _facts(pbx):
    rows = (
        (_("End user"), pbx.end_user.name),
        (_("Product"), pbx.get_product_display()),
        (_("Term"), capfirst(pbx.get_term_display())),
        (_("Active since"), pbx.activated_on),
        (_("Expires"), pbx.expires_on),
        (_("Terminated"), pbx.terminated_on),
        (_("WMS version"), pbx.wms_version),
        (_("WMS role"), capfirst(pbx.get_wms_role_display())),
    )
    return [{"label": label, "value": value} for label, value in rows if value]
