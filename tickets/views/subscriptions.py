"""A contact's e-mail settings: the areas in which it follows its colleagues' requests."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import company
from partners.gates import contact_required
from tickets.forms import SubscriptionsForm
from tickets.services import followers


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def mails(request):
    """Show the areas with those followed now, and save the choice."""
    followed = list(request.user.subscriptions.values_list("area", flat=True))
    form = SubscriptionsForm(request.POST if request.method == "POST" else None, initial={"areas": followed})
    if form.is_valid():
        followers.subscribe(request.user, form.cleaned_data["areas"])
        messages.success(request, _("Saved. This applies to requests from now on."))
        return redirect("portal:mails")
    context = company.shell(request.user, "mails") | {"form": form, "account_url": reverse("portal:account")}
    return render(request, "company/notifications.html", context, status=400 if form.errors else 200)
