"""A partner's resellers (ORG-3): search, add, edit and delete."""

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from partners import audit_log, company, services
from partners.company_forms import DeletionForm, ResellerForm
from partners.gates import contact_required
from partners.models import EndUser, Reseller
from partners.rules import NotPossible, no_transfer_runs
from tickets.services import resellers as changes
from web.paging import keyset
from web.user_input import name_matches, parse_text, starts_with

NAMED = ("name", "id")


def _counted(found):
    """Annotate resellers with `customers`, the number of their end users; counted for the page's rows only."""
    of_one = EndUser.objects.filter(reseller=OuterRef("pk")).order_by().values("reseller").annotate(n=Count("pk")).values("n")
    return found.annotate(customers=Coalesce(Subquery(of_one), 0))


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def resellers(request):
    """List the resellers with the number of their end users, searchable by name or start of the code, and add one."""
    form = ResellerForm(request.POST or None, partner=request.user.partner)
    if form.is_valid():
        with transaction.atomic():
            made = services.add_reseller(request.user.partner, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("%(name)s was added. Its code is %(code)s.") % {"name": made.name, "code": made.code})
        return redirect("portal:reseller", made.pk)
    mine, query = Reseller.objects.visible_to(request.user), parse_text(request.GET.get("q", ""))
    page = keyset(_counted(mine.filter(name_matches(query, "name") | starts_with(query, "code"))), NAMED, request)
    context = {
        "resellers": page.rows,
        "q": query,
        "form": form,
        "direct": EndUser.objects.visible_to(request.user).filter(reseller=None).count(),
        "page": page,
    } | company.history(request.user, request.user.partner, audit_log.CUSTOMERS, request, name="history_")
    return render(request, "company/resellers.html", company.shell(request.user, "resellers") | context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def reseller(request, reseller):
    """Show a reseller with its end users, and change its name and e-mail address."""
    found = get_object_or_404(Reseller.objects.visible_to(request.user).select_related("partner"), pk=reseller)
    form = ResellerForm(request.POST or None, initial={"name": found.name, "email": found.email}, partner=found.partner, reseller=found)
    if form.is_valid() and _may_notify(request, found, form):
        try:
            changed = changes.change(found.pk, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Reseller.DoesNotExist:
            return redirect("portal:resellers")
        messages.success(request, _("%(name)s was changed.") % {"name": changed.name})
        return redirect("portal:reseller", found.pk)
    end_users = EndUser.objects.visible_to(request.user).filter(reseller=found)
    page = keyset(end_users, NAMED, request)
    context = {
        "reseller": found,
        "end_users": page.rows,
        "number": end_users.count(),
        "form": form,
        "page": page,
    }
    return render(request, "company/reseller.html", company.shell(request.user, "resellers") | context, status=400 if form.errors else 200)


def _may_notify(request, reseller, form):
    """Return whether the changed address may be notified now (ORG-4): a rate limit keeps anyone from e-mailing arbitrary addresses."""
    if reseller.email in ("", form.cleaned_data["email"]) or ratelimit.consume(
        request, action="address_changed", key=f"company:{reseller.partner_id}"
    ):
        return True
    form.add_error("email", _("Too many addresses have been changed recently. Try again in an hour."))
    return False


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def delete_reseller(request, reseller):
    """Explain what deleting does, and delete once the name was typed; refused while a request moves the reseller."""
    found = get_object_or_404(Reseller.objects.visible_to(request.user).select_related("partner"), pk=reseller)
    form = DeletionForm(request.POST or None)
    if form.is_valid():
        try:
            kept = changes.delete(found.pk, form.cleaned_data["typed"], actor=request.user, at=timezone.now())
        except Reseller.DoesNotExist:
            return redirect("portal:resellers")
        except NotPossible as error:
            for finding in error.findings:
                form.add_error(finding.field or None, finding.message)
        else:
            messages.success(request, _deleted(found, kept))
            return redirect("portal:resellers")
    running = changes.running_transfers(found.partner, [found.code]).get(found.code, [])
    context = {
        "title": _("Delete %(name)s?") % {"name": found.name},
        "points": _consequences(found.end_users.count()),
        "refused": [finding.message for finding in no_transfer_runs(found, running)],
        "requests": running,
        "name": found.name,
        "form": form,
        "action": _("Delete reseller"),
        "cancel_url": reverse("portal:reseller", args=[found.pk]),
    }
    return render(request, "company/confirm.html", company.shell(request.user, "resellers") | context, status=400 if form.errors else 200)


def _consequences(number):
    kept = ngettext("Its end user remains yours, without a reseller.", "Its %(n)s end users remain yours, without a reseller.", number)
    return [
        kept % {"n": number} if number else _("It has no end users."),
        _("PBXs, numbers, devices, licences and invoices do not change."),
        _("Closed requests that mention it remain available."),
        _("This cannot be undone. To restore it, you would have to add it again and move each end user."),
    ]


def _deleted(reseller, kept):
    text = ngettext("%(name)s was deleted. Its end user remains yours.", "%(name)s was deleted. Its %(n)s end users remain yours.", kept)
    return (text if kept else _("%(name)s was deleted.")) % {"name": reseller.name, "n": kept}
