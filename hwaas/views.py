"""A partner's devices."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hwaas.discounts import discounts_of
from hwaas.models import Device
from partners.gates import contact_required
from partners.paging import keyset
from partners.typed import begins_with, text_of
from policies.models import PolicyValue

TONES = {"in_use": ("ok", "check"), "returned": ("", "undo"), "replaced": ("", "refresh"), "lost": ("bad", "alert")}


@require_GET
@contact_required
def devices(request):
    """The list of devices, found by `q`."""
    found = Device.objects.visible_to(request.user).select_related("item", "pbx__end_user")
    query = text_of(request.GET.get("q", ""))
    page = keyset(found.filter(begins_with(query, "serial", "item__code", "pbx__name")), ("serial", "id"), request, size=50)
    today = timezone.now().date()
    book = PolicyValue.objects.book(on=today)
    labels = (_("State"), _("Item"), _("Ownership"), _("PBX"), _("Ordered"), _("Billing starts"))
    context = {
        "kind": "devices",
        "title": _("Devices"),
        "columns": [{"label": label} for label in (_("Serial number"), *labels)],
        "rows": [_row(device, labels, book) for device in page.rows],
        "discounts": discounts_of(Device.objects.visible_to(request.user), book=book, today=today),
        "q": query,
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "portal/assets.html", context)


def _billing(device, book):
    """HW-6: from when an HWaaS device is billed; before its shipment only the rule is known."""
    if device.ownership != Device.Ownership.SERVICE:
        return {"text": ""}
    if device.billing_starts_on:
        return {"date": device.billing_starts_on}
    if device.shipped_on:
        return {"text": _("Not known"), "note": _("ask the care team")}
    days = book.cite("hwaas.billing_start_days")["hwaas.billing_start_days"]
    return {"text": _("%(days)s after shipment") % {"days": days}, "note": _("not shipped yet")}


def _row(device, labels, book):
    tone, icon = TONES[device.state]
    cells = (
        {"text": capfirst(device.get_state_display()), "tone": tone, "icon": icon},
        {"text": device.item.name, "note": device.item.code},
        {"text": capfirst(device.get_ownership_display()), "note": _("warranty document on file") if device.warranty_document else ""},
        {"text": device.pbx.name, "note": device.pbx.end_user.name},
        {"date": device.ordered_on} if device.ordered_on else {"text": ""},
        _billing(device, book),
    )
    actions = (
        [{"label": _("Replace it (RMA)"), "url": f"{reverse('portal:form', args=['rma'])}?serial={device.serial}"}]
        if device.state == "in_use"
        else []
    )
    return {
        "display": device.serial,
        "cells": [cell | {"label": label} for cell, label in zip(cells, labels, strict=True)],
        "actions": actions,
    }
