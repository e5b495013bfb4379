"""A partner's end users (customers), and the reseller each belongs to."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partners import company
from partners.company_forms import PlacementForm
from partners.gates import contact_required
from partners.models import EndUser, Reseller
from partners.rules import NotPossible
from tickets.services import resellers as changes
from tickets.views.resellers import NAMED
from web.chips import chips
from web.paging import keyset
from web.user_input import name_matches, parse_text, starts_with


@require_safe
@contact_required
def customers(request):
    """List the end users, searchable by name or start of the code; `reseller=none` shows those without a reseller."""
    query = parse_text(request.GET.get("q", ""))
    direct, filters = chips(request, "reseller", [("none", _("Without a reseller"))], everything=_("All"))
    found = (
        EndUser.objects.visible_to(request.user).filter(name_matches(query, "name") | starts_with(query, "code")).select_related("reseller")
    )
    page = keyset(found.filter(reseller=None) if direct else found, NAMED, request)
    context = {
        "end_users": page.rows,
        "q": query,
        "kept": {"reseller": direct},
        "filters": filters,
        "page": page,
    }
    return render(request, "company/customers.html", company.shell(request.user, "customers") | context)


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def customer(request, end_user):
    """Show an end user, and move it to another of the partner's own resellers."""
    found = get_object_or_404(EndUser.objects.visible_to(request.user).select_related("reseller", "partner"), pk=end_user)
    form = PlacementForm(
        request.POST or None, partner=request.user.partner, initial={"reseller": found.reseller.code if found.reseller else ""}
    )
    if form.is_valid():
        try:
            moved = changes.place(found.pk, form.cleaned_data["reseller"], actor=request.user, at=timezone.now())
        except (Reseller.DoesNotExist, EndUser.DoesNotExist):
            form.add_error("reseller", _("This was changed a moment ago. Check the current data and choose again."))
        except NotPossible as error:
            for finding in error.findings:
                form.add_error("reseller", finding.message)
        else:
            messages.success(request, _moved(moved))
            return redirect("portal:customer", found.pk)
    codes = [found.reseller.code] if found.reseller else []
    running = changes.running_transfers(found.partner, codes)
    context = {"end_user": found, "form": form, "requests": [number for numbers in running.values() for number in numbers]}
    return render(request, "company/customer.html", company.shell(request.user, "customers") | context, status=400 if form.errors else 200)


def _moved(end_user):
    if end_user.reseller is None:
        return _("You now serve %(name)s directly.") % {"name": end_user.name}
    return _("%(name)s now belongs to %(reseller)s.") % {"name": end_user.name, "reseller": end_user.reseller.name}
