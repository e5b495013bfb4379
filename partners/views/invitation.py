"""The page an e-mailed invitation links to, open to whoever has the link."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from partners import team as services
from partners.forms import PasswordByLinkForm
from partners.models import Invitation, User


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Show the page of an invitation. The account is created when the invited person submits a password."""
    found = Invitation.objects.behind(token, now=timezone.now()).select_related("partner", "invited_by").first()
    if found is None:
        return render(request, "company/invitation_invalid.html", status=404)
    form = PasswordByLinkForm(request.POST or None, user=User(email=found.email, full_name=found.full_name), temp_key="")
    if form.is_valid():
        if not _accepted(token, form.cleaned_data["password1"]):
            return render(request, "company/invitation_invalid.html", status=404)
        messages.success(request, _("Your password has been set. Sign in with it now; we’ll e-mail you a code."))
        return redirect("account_login")
    context = {"invitation": found, "form": form}
    return render(request, "company/invitation.html", context, status=400 if form.errors else 200)


def _accepted(token, password):
    try:
        with transaction.atomic():
            return services.accept(token, password, at=timezone.now())
    except IntegrityError:
        # The same address accepted another company's invitation at the same moment.
        return None
