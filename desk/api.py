"""API actions on tickets that need the desk app."""

from django.utils.translation import gettext as _

from desk.services import owners
from tickets.api import docs
from tickets.api.actions import Actions
from tickets.api.forms import AssignForm
from web.json_forms import bound
from web.problems import Invalid


class Owners(Actions):
    """Assign tickets. As in the browser, the assignee is notified."""

    @docs.action("assign", AssignForm)
    def assign(self, request, number):
        """Assign the ticket to a care team member by e-mail address, or unassign it (null)."""
        self.ticket(number, for_staff=True)
        form = bound(AssignForm, request.data)
        if "assignee" not in request.data:
            raise Invalid({"assignee": [_("Specify an assignee, or send null to unassign the ticket.")]})
        return self.done(owners.assign, number, form.cleaned_data["assignee"])
