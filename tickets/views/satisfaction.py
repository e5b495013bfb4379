"""A partner's satisfaction with a request."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners.gates import contact_required
from tickets.forms import SatisfactionForm
from tickets.models import Ticket
from tickets.services import satisfaction
from tickets.services.lifecycle import NotNow
from tickets.views.portal import shown


@require_POST
@contact_required
def rate(request, number):
    """Record whether the request helped, or change that answer."""
    ticket, now = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number), timezone.now()
    form = SatisfactionForm(request.POST, author=request.user, today=now.date(), auto_id="opinion_%s")
    try:
        if not form.is_valid():
            satisfaction.check_asked(ticket, at=now)  # else the page no longer has a form to show the error in
            return shown(request, number, rating=form, status=400)
        satisfaction.rate(number, form.cleaned_data["satisfied"], form.cleaned_data["note"], by=request.user, at=now)
        messages.success(request, _("Thank you for your feedback."))
    except NotNow as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('portal:request', args=[number])}#opinion")
