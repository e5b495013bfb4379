"""Actions on a ticket's page: a POST, one service call and a redirect back."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from partners.gates import contact_required
from tickets.models import Ticket
from tickets.services.lifecycle import NotNow

SAID = gettext_lazy("You have just sent this message. It appears here only once.")


def action(gate, page):
    """Decorate a POST view of a ticket visible to the user, behind `gate`; a NotNow or PermissionError is shown on its `page`."""

    def decorate(view):
        @wraps(view)
        @require_POST
        @gate
        def acted(request, number, *args, **kwargs):
            get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
            try:
                answer = view(request, number, *args, **kwargs)
            except (NotNow, PermissionError) as error:
                messages.error(request, str(error))
                answer = None
            return answer or redirect(page, number)

        return acted

    return decorate


partner_action = action(contact_required, "portal:request")
