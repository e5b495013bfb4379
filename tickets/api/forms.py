"""API: bodies for which no page has a form of the same shape."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import User
from policies.catalog.declare import EVER
from tickets.fields import IsoDateField
from tickets.forms import LEAST_REASON, AuthoredTextForm
from tickets.models import Ticket
from tickets.types import TYPES

# Terms that start later could end beyond the calendar.
LAST = EVER.replace(year=2200)


class AskedForm(forms.Form):
    """The partner a staff check is for, and the day as of which it is made."""

    partner = forms.CharField(max_length=20, required=False)
    as_of = IsoDateField(required=False)

    def clean_as_of(self):
        day = self.cleaned_data["as_of"]
        if day and not EVER <= day <= LAST:
            raise forms.ValidationError(_("Specify a date from %(first)s to %(last)s."), params={"first": EVER, "last": LAST})
        return day


class SubmitForm(forms.Form):
    """The parts of a new request other than its fields."""

    type = forms.CharField(max_length=40)
    partner = forms.CharField(max_length=20, required=False)
    requester = forms.EmailField(max_length=254, required=False)
    accepted_charges = forms.RegexField(
        regex=r"^[0-9]{1,10}(\.[0-9]{1,2})?\Z",
        required=False,
        max_length=13,
        strip=False,
        error_messages={"invalid": _("Enter the amount as a decimal number, for example “50.00”.")},
    )
    override_reason = forms.CharField(min_length=LEAST_REASON, max_length=500, required=False)

    def clean_type(self):
        kind = TYPES.get(self.cleaned_data["type"])
        if kind is None:
            raise forms.ValidationError(_("There is no such type of request."))
        return kind

    def clean_accepted_charges(self):
        written = self.cleaned_data["accepted_charges"]
        return Decimal(written) if written else None


class NoteBody(forms.Form):
    """The text of an internal note, a question or an answer to the partner."""

    body = forms.CharField(label=_("Text"), max_length=10_000, widget=forms.Textarea)


class MessageBody(AuthoredTextForm, NoteBody):
    """A message that both sides can read."""

    def clean_body(self):
        return self.understood("body")


class StaffField(forms.CharField):
    """An active member of the care team by e-mail address; empty or null means nobody."""

    nullable = True
    json_schema = {"type": ["string", "null"], "anyOf": [{"format": "email"}, {"const": ""}]}

    def clean(self, value):
        address = super().clean(value).lower()
        if not address:
            return None
        person = User.objects.care().filter(email=address).first()
        if person is None:
            raise forms.ValidationError(_("Nobody on the care team has this address."), code="unknown")
        return person


class AssignForm(forms.Form):
    assignee = StaffField(label=_("Assignee"), required=False, max_length=254)


class RejectBody(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=Ticket.Reason.choices)
    message = forms.CharField(label=_("Message to the partner"), max_length=10_000, widget=forms.Textarea)
