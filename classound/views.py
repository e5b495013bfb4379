"""The pages of a partner's numbers."""

from functools import partial

from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from classound.emergency import emergency_of
from classound.lead_times import lead_times
from classound.models import Did, matching
from classound.numbers import grouped, spaced
from partners.asset_lists import filter_assets, format_date, page_context, requests_about
from partners.gates import contact_required
from pbx.filtering import narrow_to_own_pbxs
from pbx.models import Pbx
from pbx.views import whose
from policies.countries import country_title
from policies.models import PolicyValue
from web.spreadsheets import answer
from web.user_input import parse_text

TONES = {"active": ("ok", "check"), "ordered": ("info", "clock"), "outgoing_only": ("warn", "alert"), "cancelled": ("", "cross")}
STATUSES = [(value, capfirst(label)) for value, label in Did.Status.choices]
# Column names as in the estate import files.
HEADER = (
    *("number", "pbx", "pbx_name", "end_user", "kind", "country", "status"),
    *("activated_on", "porting_date", "porting_confirmed", "ported_out_on", "cancelled_on", "emergency", "migration_code"),
)
AT_ONCE = 1000  # numbers in memory


def find(dids, query, *, country, pbxs):
    """Narrow DIDs by a search text as typed in this country: a number, or one of `pbxs`."""
    return dids.filter(matching(parse_text(query), country, pbxs=pbxs))


@require_safe
@contact_required
def dids(request):
    """List numbers, searched by `q`, filtered by `status`."""
    book = PolicyValue.objects.book(on=timezone.now().date())
    found, shown = _asked(request)
    labels = (_("Number"), _("Status"), _("Type"), _("PBX"), _("Active from"), _("Emergency calling"))
    context = page_context(request, found, order=("number", "id"), labels=labels, row=partial(row, book=book), file="portal:dids_file")
    context |= shown | {"kind": "dids", "title": _("Numbers"), "facts": lead_times(book)}
    return render(request, "portal/assets.html", context)


@require_safe
@contact_required
def dids_file(request, kind):
    """Download the same numbers as a file, with all dates."""
    today = timezone.now().date()
    book = PolicyValue.objects.book(on=today)
    lines = (_line(did, book) for did in _asked(request)[0].order_by("number").iterator(AT_ONCE))
    return answer(kind, f"numbers-{today}", HEADER, lines)


def _asked(request):
    mine = narrow_to_own_pbxs(Did.objects.visible_to(request.user), request.user)
    mine = mine.select_related("pbx__end_user").prefetch_related("emergency_locations")
    meant = partial(find, country=request.user.partner.country, pbxs=Pbx.objects.visible_to(request.user))
    return filter_assets(request, mine, "status", STATUSES, find=meant)


def _line(did, book):
    pbx, dates = did.pbx, (did.activated_on, did.porting_date)
    confirmed = ("yes" if did.porting_confirmed else "no") if did.porting_date else ""
    details = (confirmed, did.ported_out_on, did.cancelled_on, emergency_of(did, book=book).state, did.migration_code)
    return (spaced(did.number), pbx.serial, pbx.name, pbx.end_user.name, did.kind, did.country, did.status, *dates, *details)


def row(did, *, book):
    """Return a number as a row for portal/assets.html: its cells and the requests on offer."""
    tone, icon = TONES[did.status]
    emergency, is_there = emergency_of(did, book=book), did.status != Did.Status.CANCELLED
    return {
        "display": grouped(did.number),
        "number": did.number,
        "sub": _("Migration code %(code)s") % {"code": did.migration_code} if did.migration_code and is_there else "",
        "cells": (
            {"text": capfirst(did.get_status_display()), "tone": tone, "icon": icon},
            {"text": capfirst(did.get_kind_display()), "note": country_title(did.country)},
            whose(did.pbx),
            _active_from(did),
            {"text": emergency.title, "tone": emergency.tone, "icon": emergency.icon, "alone": ""},
        ),
        "actions": requests_about(did.number, _requests(did, emergency)),
    }


def _active_from(did):
    """Return a cell with the day a number's service starts or started, and a note on its porting or its end."""
    if did.porting_date and not did.activated_on:
        return {"date": did.porting_date, "note": _("porting, confirmed") if did.porting_confirmed else _("porting, not confirmed")}
    if not did.activated_on:
        return {"text": ""}
    if did.cancelled_on:
        return {"date": did.activated_on, "note": _("until %(day)s") % {"day": format_date(did.cancelled_on)}}
    gone = did.ported_out_on
    return {"date": did.activated_on, "note": _("ported away on %(day)s") % {"day": format_date(gone)} if gone else ""}


def _requests(did, emergency):
    """Yield the requests on offer for a number: (label, type of request, its field)."""
    if did.status != Did.Status.CANCELLED:
        yield _("Cancel"), "did_cancel", "dids"
        yield _("Move to another PBX"), "did_transfer", "dids"
        if emergency.state in ("none", "active"):
            yield _("Activate emergency calling"), "emergency_activation", "locations-0-did"
        if not did.migration_code:  # if known, it is shown with the number
            yield _("Get the migration code"), "did_migration_code", "did"
    if did.porting_confirmed:
        yield _("Change the porting date"), "porting_date_change", "did"
