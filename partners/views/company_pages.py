"""Shared code of the company pages: access, and making and confirming a change."""

from functools import wraps

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.company import CompanyContext
from partners.gates import sign_in_required
from partners.models import Partner
from partners.rules import NotPossible


def company_page(view):
    """Call view(request, office, …): for contacts their own company in the portal, for staff the one in the desk's URL."""

    @sign_in_required
    @wraps(view)
    def gated(request, *args, partner=None, **kwargs):
        if partner is None and request.user.is_care:
            return redirect("home")
        if partner is not None and not request.user.is_care:
            raise Http404
        whose = get_object_or_404(Partner.objects.visible_to(request.user), pk=partner) if partner is not None else request.user.partner
        return view(request, CompanyContext(request.user, whose), *args, **kwargs)

    return gated


def may_mail(request, office, address):
    """Return whether the rate limits allow this company another e-mail to an address now."""
    whole = ratelimit.consume(request, action="invite", key=f"team:{office.partner.pk}")
    return whole and ratelimit.consume(request, action="invite_address", key=f"team:{office.partner.pk}:{address}")


def too_many():
    """Return the message for when the rate limit on e-mails is reached."""
    return _("Too many invitations have been sent. Wait an hour and try again.")


def apply_change(request, office, change, message, *, back=""):
    """Make a change in one transaction, show `message` or the reasons against it, and redirect to `back` or the team page."""
    try:
        with transaction.atomic():
            change(at=timezone.now())
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, message)
    return redirect(back or office.url("team"))
