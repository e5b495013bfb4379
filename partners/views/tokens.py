"""The user's own API tokens: contacts in the portal, staff at the desk. Other users' tokens are never accessible here."""

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners import company
from partners import team as services
from partners.company_forms import TokenForm
from partners.rules import NotPossible


def _home(request):
    return reverse(f"{request.user.area}:tokens")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request):
    """List the active tokens with a form to create another. A new token is shown in the response and never again."""
    secret, now, status = "", timezone.now(), 200
    shown = request.user.api_tokens.valid(at=now)
    form = TokenForm(request.POST or None, names=shown.values_list("name", flat=True))
    if request.method == "POST":
        status = 400
        if form.is_valid() and not ratelimit.consume(request, action="api_token", key=f"token:{request.user.pk}"):
            form.add_error(None, _("You have created too many tokens. Wait an hour and try again."))
            status = 429
        elif form.is_valid():
            try:
                with transaction.atomic():
                    secret = services.make_token(request.user, name=form.cleaned_data["name"], expires_at=form.expires_at(now), at=now)
                form, status = TokenForm(), 200
            except NotPossible as error:
                form.add_error(None, str(error))
    context = {"tokens": [_row(request, token) for token in shown], "form": form, "secret": secret}
    return render(request, "company/tokens.html", company.shell(request.user, "tokens") | context, status=status)


def _row(request, token):
    return {"token": token, "revoke_url": reverse(f"{request.user.area}:revoke_token", kwargs={"api_token": token.pk})}


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request, api_token):
    """Explain the consequences of revoking a token, and revoke it once confirmed."""
    token = get_object_or_404(request.user.api_tokens.filter(revoked_at=None), pk=api_token)
    if request.method == "POST":
        with transaction.atomic():
            services.revoke_token(token, at=timezone.now())
        messages.success(request, _("The token has been revoked."))
        return redirect(_home(request))
    context = {
        "title": _("Revoke the token %(name)s?") % {"name": token.name or token.created_at.date()},
        "points": [
            _("The program that uses it can no longer access the API."),
            _("This can’t be undone. To restore access, create a new token."),
        ],
        "action": _("Revoke token"),
        "cancel_url": _home(request),
    }
    return render(request, "company/confirm.html", company.shell(request.user, "tokens") | context)
