"""API: what the care team can do with a ticket that the desk has to know of."""

from django.utils.translation import gettext as _

from desk.services import owners
from tickets.api import docs
from tickets.api.actions import Actions
from tickets.api.forms import AssignForm
from web.json_forms import bound
from web.problems import Invalid


class Owners(Actions):
    """Giving tickets to people: as in the browser, who is given one is told."""

    @docs.action("assign", AssignForm)
    def assign(self, request, number):
        """Give the ticket to somebody of the care team by e-mail address, or to nobody (null)."""
        self.ticket(number, for_staff=True)
        form = bound(AssignForm, request.data)
        if "assignee" not in request.data:
            raise Invalid({"assignee": [_("Name somebody, or send null for nobody.")]})
        return self.done(owners.assign, number, form.cleaned_data["assignee"])
