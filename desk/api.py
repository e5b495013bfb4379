"""API actions of the care team on a ticket that involve the desk."""

from django.utils.translation import gettext as _

from desk.services import owners
from tickets.api import docs
from tickets.api.actions import Actions
from tickets.api.forms import AssignForm
from web.json_forms import bound
from web.problems import Invalid


class Owners(Actions):
    """Assignment of tickets; as in the browser, the new owner is notified."""

    @docs.action("assign", AssignForm)
    def assign(self, request, number):
        """Assign the ticket to a member of the care team by e-mail address, or to nobody (null)."""
        self.ticket(number, for_staff=True)
        form = bound(AssignForm, request.data)
        if "assignee" not in request.data:
            raise Invalid({"assignee": [_("Specify an assignee, or send null for none.")]})
        return self.done(owners.assign, number, form.cleaned_data["assignee"])
