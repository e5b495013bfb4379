"""The pages of a partner's devices."""

from functools import partial

from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hwaas.discounts import discounts_of
from hwaas.models import Device, matching
from partners.asset_lists import filter_assets, format_date, page_context, requests_about
from partners.gates import contact_required
from pbx.filtering import narrow_to_own_pbxs
from pbx.models import Pbx
from pbx.views import whose
from policies.models import PolicyValue
from web.spreadsheets import answer

TONES = {"in_use": ("ok", "check"), "returned": ("", "undo"), "replaced": ("", "refresh"), "lost": ("bad", "alert")}
STATES = [(value, capfirst(label)) for value, label in Device.State.choices]
# Column names as in the estate import files.
HEADER = (
    *("serial", "item", "item_name", "pbx", "pbx_name", "end_user", "ownership"),
    *("state", "ordered_on", "shipped_on", "billing_starts_on", "warranty_document"),
)
AT_ONCE = 1000  # devices in memory


@require_safe
@contact_required
def devices(request):
    """List devices, searched by `q`, filtered by `state`."""
    today = timezone.now().date()
    book = PolicyValue.objects.book(on=today)
    found, shown = _asked(request)
    labels = (_("Serial number"), _("Status"), _("Item"), _("Ownership"), _("PBX"), _("Ordered"))
    context = page_context(request, found, order=("serial", "id"), labels=labels, row=partial(row, book=book), file="portal:devices_file")
    context |= shown | {"kind": "devices", "title": _("Devices")}
    if not {"q", "after", "before"} & request.GET.keys():  # they count every device; skipped when searching or paging
        context["discounts"] = discounts_of(Device.objects.visible_to(request.user), book=book, today=today)
    return render(request, "portal/assets.html", context)


@require_safe
@contact_required
def devices_file(request, kind):
    """Download the same devices as a file."""
    lines = (_line(device) for device in _asked(request)[0].order_by("serial").iterator(AT_ONCE))
    return answer(kind, f"devices-{timezone.now():%Y-%m-%d}", HEADER, lines)


def _asked(request):
    mine = narrow_to_own_pbxs(Device.objects.visible_to(request.user).select_related("item", "pbx__end_user"), request.user)
    return filter_assets(request, mine, "state", STATES, find=partial(find, pbxs=Pbx.objects.visible_to(request.user)))


def find(devices, query, *, pbxs):
    """Narrow devices by a search text: a serial number, an item, or one of `pbxs`."""
    return devices.filter(matching(query, pbxs=pbxs))


def _line(device):
    item, pbx = device.item, device.pbx
    dates = (device.ordered_on, device.shipped_on, device.billing_starts_on)
    document = "yes" if device.warranty_document else "no"
    return (device.serial, item.code, item.name, pbx.serial, pbx.name, pbx.end_user.name, device.ownership, device.state, *dates, document)


def _ordered(device, book):
    """Return a cell with the order date and, for HWaaS, the billing start (HW-6); before shipment, only the rule is known."""
    cell = {"date": device.ordered_on} if device.ordered_on else {"text": ""}
    if device.ownership != Device.Ownership.SERVICE:
        return cell
    if device.billing_starts_on:
        return cell | {"note": _("billed from %(day)s") % {"day": format_date(device.billing_starts_on)}}
    if device.shipped_on:
        return cell | {"note": _("billing start unknown: contact the care team")}
    days = book.cite("hwaas.billing_start_days")["hwaas.billing_start_days"]
    return cell | {"note": _("billed from %(days)s after shipment") % {"days": days}}


def row(device, *, book):
    """Return a device as a row for portal/assets.html: its cells and the requests on offer."""
    tone, icon = TONES[device.state]
    return {
        "display": device.serial,
        "cells": (
            {"text": capfirst(device.get_state_display()), "tone": tone, "icon": icon},
            {"text": device.item.name, "note": device.item.code},
            {"text": capfirst(device.get_ownership_display()), "note": _("warranty document on file") if device.warranty_document else ""},
            whose(device.pbx),
            _ordered(device, book),
        ),
        "actions": requests_about(device.serial, _requests(device)),
    }


_REPLACE = (gettext_lazy("Replace (RMA)"), "rma", "serial")
REQUESTS = {
    Device.Ownership.SERVICE: (
        _REPLACE,
        (gettext_lazy("Return"), "hwaas_return", "serials"),
        (gettext_lazy("Report as lost"), "hwaas_lost", "serial"),
        (gettext_lazy("Buy out"), "hwaas_buyout", "serials"),
    ),
    Device.Ownership.OWNED: (_REPLACE, (gettext_lazy("Convert to HWaaS"), "hw_to_hwaas", "serials")),
}


def _requests(device):
    """Return the requests on offer for a device while it is in use: (label, type of request, its field)."""
    return REQUESTS[device.ownership] if device.state == Device.State.IN_USE else ()
