"""The page of a month's usage, for partners and the care team, and the switch for monthly e-mails to the partner's team."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from classound.models import Call
from classound.usage import USERS, asked, usage_months, usage_totals
from partners.audit_log import CompanyEvent, record
from partners.gates import sign_in_required
from partners.models import Partner
from web.spreadsheets import addresses


@require_safe
@sign_in_required
def usage_page(request, code, month):
    """Show a partner's calls per user in a month (2026-11, in UTC)."""
    partner, first = asked(request, code, month)
    whole, users = usage_totals(Call.objects.visible_to(request.user).of_partner(partner), first)
    today = timezone.now().date()
    context = {
        "account_url": _account_of(request.user, partner),
        "partner": partner,
        "title": date_format(first, "F Y"),
        "runs": first == today.replace(day=1),
        "whole": whole,
        "users": users,
        "longest": USERS,
        "months": [
            {"label": row["label"], "url": row["url"], "active": row["url"] == request.path} for row in usage_months(partner, today=today)
        ],
        "files": addresses("usage", code, month),
    }
    return render(request, "classound/usage.html", context)


@require_POST
@sign_in_required
def usage_reports(request, code):
    """Switch the monthly e-mail to the partner's team on (`on` is "yes") or off, and redirect to the account."""
    wanted = request.POST.get("on") == "yes"
    with transaction.atomic():
        mine = Partner.objects.visible_to(request.user).select_for_update(no_key=True)
        partner = get_object_or_404(mine, code=code)
        if partner.usage_reports != wanted:
            partner.usage_reports = wanted
            partner.save(update_fields=["usage_reports"])
            record(partner, CompanyEvent.Kind.USAGE_REPORTS, _("on") if wanted else _("off"), actor=request.user, at=timezone.now())
    messages.success(request, _("Usage reports will be e-mailed each month.") if wanted else _("Usage reports will no longer be e-mailed."))
    return redirect(f"{_account_of(request.user, partner)}#h-usage")


def _account_of(reader, partner):
    return reverse("desk:account", args=[partner.code]) if reader.is_care else reverse("portal:account")
