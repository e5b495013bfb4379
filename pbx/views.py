"""A partner's PBXs: the list, and the page of one with its licences, CLASSOUND FLAT and special numbers."""

from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from partners.asset_lists import filter_assets, page_context, requests_about
from partners.gates import contact_required
from pbx.classound_counts import counted, with_numbers
from pbx.commitment_rules import how_it_ends
from pbx.console import with_console
from pbx.findings import finding_context, policy_in_words
from pbx.models import Pbx
from pbx.network_rules import console_and_portal_agree, one_network_of_the_customer, users_fit_the_licences
from pbx.services import active_pbxs
from policies.models import PolicyValue
from web.spreadsheets import answer
from web.user_input import name_matches, starts_with

TERMS = [(value, capfirst(label)) for value, label in Pbx.Term.choices]
# Column names as in the estate import files.
HEADER = (
    *("serial", "name", "end_user", "product", "term", "activated_on", "expires_on"),
    *("terminated_on", "commitment_until", "wms_version", "wms_role", "wms_server", "licences"),
)
AT_ONCE = 1000  # PBXs in memory
MOVES = 5  # the most moves of a PBX that are shown
REQUESTS = (
    (gettext_lazy("Change licences"), "licence_change", "pbx"),
    (gettext_lazy("Change Teams licences"), "teams_licence_change", "pbx"),
    (gettext_lazy("Take a Commitment"), "commitment_request", "pbx"),
    (gettext_lazy("Switch to x-bees"), "xbees_switch", "pbx"),
    (gettext_lazy("Move numbers here"), "did_transfer", "target_pbx"),
    (gettext_lazy("Call special numbers"), "special_number_access", "pbx"),
    (gettext_lazy("Terminate this PBX"), "pbx_terminate", "pbx"),
)


def find(pbxs, query):
    """Narrow PBXs by the beginning of the serial number, or by their name or their end user's."""
    return pbxs.filter(starts_with(query, "serial") | name_matches(query, "name", "end_user__name"))


@require_safe
@contact_required
def pbxs(request):
    """List PBXs with their Commitments and licences, searched by `q`, filtered by `term`."""
    today = timezone.now().date()
    found, shown = _asked(request)
    labels = (_("PBX"), _("End user"), _("Term"), _("Expires"), _("Commitment"), _("WMS"), _("Licences"))
    context = page_context(request, found, order=("serial", "id"), labels=labels, row=partial(row, today=today), file="portal:pbxs_file")
    links = [
        {"label": _("Expirations"), "url": reverse("portal:expirations"), "icon": "calendar"},
        {"label": _("LifeTime"), "url": reverse("portal:lifetime"), "icon": "licence"},
    ]
    context |= shown | {"kind": "pbxs", "title": _("PBXs"), "links": links}
    return render(request, "portal/assets.html", context)


@require_safe
@contact_required
def pbxs_file(request, kind):
    """Download the same PBXs as a file."""
    today = timezone.now().date()
    lines = (_line(pbx, today) for pbx in _asked(request)[0].order_by("serial").iterator(AT_ONCE))
    return answer(kind, f"pbxs-{today}", HEADER, lines)


def _asked(request):
    mine = Pbx.objects.visible_to(request.user).select_related("end_user", "wms_server").prefetch_related("commitments", "licences")
    return filter_assets(request, mine, "term", TERMS, find=find, everything=_("All terms"))


def _line(pbx, today):
    commitment, server = pbx.commitment_on(today), pbx.wms_server
    dates = (pbx.activated_on, pbx.expires_on, pbx.terminated_on, commitment and commitment.ends_on)
    network = (pbx.wms_version, pbx.wms_role, server.serial if server else "")
    return (pbx.serial, pbx.name, pbx.end_user.name, pbx.product, pbx.term, *dates, *network, licences_in_words(pbx))


def licences_in_words(pbx, *, but=()):
    """Return the licences of a PBX in words, except those of the types in `but`."""
    return ", ".join(str(licence) for licence in pbx.licences.all() if licence.quantity and licence.licence_type not in but)


def row(pbx, *, today):
    """Return a PBX as a row for portal/assets.html."""
    commitment = pbx.commitment_on(today)
    return {
        "display": pbx.name,
        "sub": pbx.serial,
        "url": reverse("portal:pbx", args=[pbx.serial]),
        "cells": (
            {"text": pbx.end_user.name},
            {"text": capfirst(pbx.get_term_display()), "note": pbx.get_product_display()},
            _ends(pbx),
            {"date": commitment.ends_on, "note": _("%(years)s years") % {"years": commitment.years}} if commitment else {"text": ""},
            {"text": capfirst(pbx.get_wms_role_display()), "note": pbx.wms_version},
            {"text": licences_in_words(pbx)},
        ),
        "actions": _requests(pbx),
    }


def whose(pbx):
    """Return a cell with a PBX and its end user, for rows of what is on it; `alone` is its text where columns have no headings."""
    return {"text": pbx.name, "note": pbx.end_user.name, "alone": f"{pbx.name} ({pbx.end_user.name})"}


def _ends(pbx):
    """Return a cell with the day a PBX expires or was terminated."""
    if pbx.terminated_on:
        return {"date": pbx.terminated_on, "note": _("terminated")}
    return {"date": pbx.expires_on} if pbx.expires_on else {"text": ""}


def _requests(pbx):
    """Return the requests and actions a partner has for a PBX as a list of {label, url}; none if it is terminated."""
    if pbx.terminated_on:
        return []
    offered = [one for one in REQUESTS if one[1] != "xbees_switch" or pbx.product == Pbx.Product.UC]
    return [
        *requests_about(pbx.serial, offered),
        {"label": _("Move to another end user"), "url": reverse("portal:pbx_move", args=[pbx.serial])},
    ]


@require_safe
@contact_required
def pbx(request, serial):
    """Show one PBX of the partner."""
    return render(request, "pbx/page.html", described(request.user, serial, today=timezone.now().date()))


def described(user, serial, *, today):
    """Return the context of a PBX's page. Raise Http404 if `user` may not see it."""
    found = with_numbers(with_console(Pbx.objects.visible_to(user).filter(serial=serial)))
    shown = found.select_related("end_user__partner").prefetch_related("commitments", "special_numbers").first()
    if shown is None:
        raise Http404
    book = PolicyValue.objects.book(on=today)
    counts = counted(shown, has_numbers=shown.has_numbers, book=book)
    commitment = shown.commitment_on(today)
    flags = one_network_of_the_customer(shown, active_pbxs(shown.end_user_id), book=book, today=today)
    flags += users_fit_the_licences(shown, book=book) + console_and_portal_agree(shown, book=book)
    return {
        "pbx": shown,
        "commitment": commitment,
        "commitment_end": finding_context(how_it_ends(commitment)) if commitment else None,
        "counts": counts,
        "policies": [policy_in_words(code, counts.policy) for code in counts.policy],
        "special_numbers": shown.special_numbers.all(),
        "facts": _facts(shown, counts),
        "actions": [] if user.is_care else _requests(shown),
        "console": getattr(shown, "console", None),
        "moves": shown.moves.visible_to(user).select_related("from_end_user", "to_end_user", "moved_by")[:MOVES],
        "flags": [finding_context(flag) for flag in flags],
    }


def _facts(pbx, counts):
    """Return the PBX's details, including licences not in the table of `counts`, such as Teams4Wildix."""
    rows = (
        (_("End user"), pbx.end_user.name),
        (_("Product"), pbx.get_product_display()),
        (_("Term"), capfirst(pbx.get_term_display())),
        (_("Active since"), pbx.activated_on),
        (_("Expires"), None if pbx.terminated_on else pbx.expires_on),
        (_("Terminated"), pbx.terminated_on),
        (_("Other licences"), licences_in_words(pbx, but={one.licence_type for one in counts.licences})),
        (_("WMS version"), pbx.wms_version),
        (_("WMS role"), capfirst(pbx.get_wms_role_display())),
    )
    return [{"label": label, "value": value} for label, value in rows if value]
