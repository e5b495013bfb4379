"""One contact of a partner (ORG-2): name, label and access, which can be ended and restored here."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners import company
from partners import team as services
from partners.company_forms import PersonForm
from partners.models import User
from partners.views.company_pages import apply_change, company_page, may_mail, too_many


def _person(office, pk):
    return get_object_or_404(User, pk=pk, partner=office.partner)


@require_http_methods(["GET", "HEAD", "POST"])
@company_page
def person(request, office, person):
    """Show a contact, and change their name and label."""
    found = _person(office, person)
    form = PersonForm(request.POST or None, initial={"full_name": found.full_name, "label": found.label})
    if form.is_valid():
        message = _("Changes to %(name)s saved.") % {"name": form.cleaned_data["full_name"]}
        change = partial(services.change, found, office.partner, actor=request.user, **form.cleaned_data)
        return apply_change(request, office, change, message)
    context = {
        "row": company.person_row(found, office),
        "form": form,
        "team_url": office.url("team"),
        "end_url": office.url("end_access", person=found.pk),
        "give_url": office.url("give_access", person=found.pk),
    }
    return render(request, "company/person.html", office.shell("team") | context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@company_page
def end_access(request, office, person):
    """Explain the consequences of ending access, and end it once confirmed."""
    found = _person(office, person)
    if request.method == "POST":
        message = _("%(name)s can no longer sign in.") % {"name": found}
        change = partial(services.end_access, found, office.partner, actor=request.user)
        return apply_change(request, office, change, message, back=office.url("person", person=found.pk))
    tokens = found.api_tokens.valid(at=timezone.now()).count()
    context = {
        "title": _("End access for %(name)s?") % {"name": found},
        "points": [
            _("Anyone signed in as %(name)s is signed out immediately.") % {"name": found},
            _("API tokens that are permanently revoked: %(number)s.") % {"number": tokens},
            _("Requests and their messages are kept."),
            _("You can restore access later. We then e-mail a link to set a new password."),
        ],
        "action": _("End access"),
        "cancel_url": office.url("person", person=found.pk),
    }
    return render(request, "company/confirm.html", office.shell("team") | context)


@require_POST
@company_page
def give_access(request, office, person):
    """Restore access and e-mail a link to set a new password."""
    found = _person(office, person)
    if not may_mail(request, office, found.email):
        messages.error(request, too_many())
        return redirect(office.url("person", person=found.pk))
    message = _("%(name)s has access again. A link to set a password is on its way to %(address)s.")
    change = partial(services.give_access, found, office.partner, actor=request.user)
    return apply_change(request, office, change, message % {"name": found, "address": found.email})


@require_POST
@company_page
def send_link(request, office, person):
    """E-mail the link to set a password to a contact who has never signed in."""
    found = _person(office, person)
    if found.last_login:
        raise Http404
    if not may_mail(request, office, found.email):
        messages.error(request, too_many())
        return redirect(office.url("team"))
    message = _("A link to set a password is on its way to %(address)s.") % {"address": found.email}
    return apply_change(request, office, partial(services.send_link, found, office.partner, actor=request.user), message)
