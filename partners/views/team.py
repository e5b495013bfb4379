"""A partner's team and invitations (ORG-2), managed by its contacts in the portal and by the care team at the desk."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partners import audit_log, company
from partners import team as services
from partners.company_forms import InvitationForm
from partners.gates import care_required
from partners.models import Invitation, Partner, User
from partners.views.company_pages import apply_change, company_page, may_mail, too_many
from web.paging import as_page, here, keyset
from web.user_input import parse_text

SHOWN = 100  # people per page; with more, the user can search or show all
ORDERS = {"name": ("full_name", "email"), "label": ("label", "full_name", "email")}


@require_safe
@company_page
def team(request, office):
    """Show the company's people, with or without access, its invitations and the history of changes."""
    return _shown(request, office)


def _shown(request, office, form=None, status=200):
    as_page(request, office.url("team"))
    context = {
        **_people(request, office),
        "form": form or InvitationForm(partner=office.partner),
        "invite_url": office.url("invite"),
        **company.history(request.user, office.partner, audit_log.TEAM, request),
    }
    return render(request, "company/team.html", office.shell("team") | context, status=status)


def _people(request, office):
    """Return the people and invitations matching the search as context: at most SHOWN people unless all are requested."""
    query, is_whole = parse_text(request.GET.get("q", "")), "all" in request.GET
    sort = request.GET.get("sort") if request.GET.get("sort") in ORDERS else "name"
    called = Q(full_name__icontains=query) | Q(email__icontains=query)
    everybody = User.objects.filter(called, partner=office.partner).order_by("-is_active", *ORDERS[sort])
    people = list(everybody if is_whole else everybody[: SHOWN + 1])
    is_part = len(people) > SHOWN and not is_whole
    open_ones = Invitation.objects.visible_to(request.user).open().filter(called, partner=office.partner)
    asked = {"q": query} if query else {}

    def address(**more):
        return here(request, urlencode(asked | more))

    sorts = ("name", _("By name")), ("label", _("By label"))
    now = timezone.now()
    return {
        "people": [company.person_row(person, office) for person in (people[:SHOWN] if is_part else people)],
        "of": {"shown": SHOWN, "all": everybody.count(), "url": address(sort=sort, all=1)} if is_part else None,
        "invitations": [company.invitation_row(invitation, office, now=now) for invitation in open_ones.order_by(*ORDERS[sort])],
        "sorts": [{"label": label, "url": address(sort=key), "active": key == sort} for key, label in sorts],
        "q": query,
        "kept": {"sort": sort} if "sort" in request.GET else {},
        "is_searched": bool(query) or len(people) > SHOWN,
    }


@require_safe
@care_required
def companies(request):
    """List all partners for the care team, searchable by name or the beginning of the code."""
    query = parse_text(request.GET.get("q", ""))
    page = keyset(Partner.objects.visible_to(request.user).search(query), ("code", "id"), request)
    context = {"partners": page.rows, "partner_query": query, "page": page}
    return render(request, "company/companies.html", context)


@require_POST
@company_page
def invite(request, office):
    """Send an invitation. The response is the same whoever has the address."""
    form = InvitationForm(request.POST, partner=office.partner)
    if not form.is_valid():
        return _shown(request, office, form, status=400)
    if not may_mail(request, office, form.cleaned_data["email"]):
        form.add_error(None, too_many())
        return _shown(request, office, form, status=429)
    return apply_change(
        request,
        office,
        partial(services.invite, office.partner, actor=request.user, **form.cleaned_data),
        _("The invitation to %(address)s is on its way.") % {"address": form.cleaned_data["email"]},
    )


def _invitation(request, office, pk):
    return get_object_or_404(Invitation.objects.visible_to(request.user).open().select_related("partner"), pk=pk, partner=office.partner)


@require_POST
@company_page
def invite_again(request, office, invitation):
    """Send an open invitation again."""
    found = _invitation(request, office, invitation)
    if not may_mail(request, office, found.email):
        messages.error(request, too_many())
        return redirect(office.url("team"))
    message = _("The invitation to %(address)s is on its way. Earlier links no longer work.") % {"address": found.email}
    return apply_change(request, office, partial(services.invite_again, found, actor=request.user), message)


@require_POST
@company_page
def withdraw_invitation(request, office, invitation):
    """Withdraw an open invitation."""
    found = _invitation(request, office, invitation)
    message = _("The invitation to %(name)s was withdrawn.") % {"name": found.full_name}
    return apply_change(request, office, partial(services.withdraw, found, actor=request.user), message)
