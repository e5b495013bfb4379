"""Forms of the company pages: colleagues, resellers, the reseller of an end user, API tokens."""

import re
from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners.models import Reseller, User
from web.name_fields import NameField

# Names appear in e-mails to people who did not ask for them, so they must not contain addresses.
NO_ADDRESS = RegexValidator(re.compile(r"[/@<>]|\bwww\."), _("Enter a name only, without an address."), inverse_match=True)
LABELS = [("", _("None")), *((value, capfirst(label)) for value, label in User.Label.choices)]
# Up to this many resellers are offered as a list; beyond that, the user types one.
LISTED = 40


class PersonForm(forms.Form):
    """A colleague's name and label."""

    full_name = NameField(label=_("Full name"), max_length=100, validators=[NO_ADDRESS])
    label = forms.ChoiceField(
        label=_("Label"), choices=LABELS, required=False, help_text=_("For sorting the list only; it does not affect permissions.")
    )


class InvitationForm(PersonForm):
    """A colleague to invite. The address is only checked against the partner's own people, so nothing is revealed about others."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("Your colleague signs in with this address."))
    field_order = ("full_name", "email", "label")

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        self.partner = partner

    def clean_email(self):
        email = self.cleaned_data["email"].strip().lower()
        known = User.objects.filter(partner=self.partner, email=email).first()
        if known and known.is_active:
            raise ValidationError(_("%(name)s is already in your team."), code="known", params={"name": known})
        if known:
            message = _("%(name)s used to be in your team. Open their entry in the list and restore their access.")
            raise ValidationError(message, code="ended", params={"name": known})
        return email


class ResellerForm(forms.Form):
    """A reseller's name and e-mail address. Names are unique, since two identical ones could not be distinguished."""

    name = NameField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("We ask for its agreement here when it moves to another partner. If you change the address, we notify the old one."),
    )

    def __init__(self, *args, partner, reseller=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = Reseller.objects.of_partner(partner).exclude(pk=reseller.pk if reseller else None)

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if self.others.filter(name__iexact=name).exists():
            raise ValidationError(_("You already have a reseller with this name."), code="taken")
        return name


class DeletionForm(forms.Form):
    """The name of the reseller to delete permanently, typed as confirmation; the rule compares it (ORG-3)."""

    typed = forms.CharField(label=_("Type the reseller’s name to confirm"), max_length=200, widget=forms.TextInput({"autocomplete": "off"}))


class PlacementForm(forms.Form):
    """The reseller an end user moves to, by code or full name; empty for none. `reseller` cleans to a Reseller or None."""

    reseller = forms.CharField(label=_("Reseller"), max_length=200, required=False)

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        self.resellers, field = Reseller.objects.of_partner(partner), self.fields["reseller"]
        offered = list(self.resellers.order_by("name", "id")[: LISTED + 1])
        if len(offered) > LISTED:
            field.help_text = _("The reseller’s code or full name. Leave empty for an end user you serve directly.")
            field.widget.attrs["autocomplete"] = "off"
        else:
            field.widget = forms.Select(choices=[("", _("None: we serve it directly")), *((one.code, str(one)) for one in offered)])

    def clean_reseller(self):
        given = " ".join(self.cleaned_data["reseller"].split())
        if not given:
            return None
        found = self.resellers.filter(code__iexact=given)[:1] or self.resellers.filter(name__iexact=given)[:2]
        if len(found) != 1:
            message = (
                _("More than one reseller has this name: enter the code.") if found else _("None of your resellers has this code or name.")
            )
            raise ValidationError(message, code="unknown")
        return found[0]


class TokenForm(forms.Form):
    """A new API token: its purpose and its lifetime."""

    name = NameField(label=_("Name"), max_length=100, help_text=_("For example the program or script that will use it."))
    days = forms.TypedChoiceField(label=_("Valid for"), coerce=int)

    def __init__(self, *args, names=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.names = names  # of the active tokens; checked when the form is submitted
        most = settings.API_TOKEN_DAYS
        offered = sorted({min(days, most) for days in (30, 90, most)})
        self.fields["days"].choices = [(days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in offered]

    def clean_name(self):
        """Require a name that no active token of the user has, which also keeps a double submission from creating two."""
        if self.cleaned_data["name"] in self.names:
            raise ValidationError(
                _("You already have a token with this name. Choose another name, or revoke that token first if you no longer have it."),
                code="taken",
            )
        return self.cleaned_data["name"]

    def expires_at(self, at):
        """Return the time at which a token created `at` this time expires."""
        return at + timedelta(days=self.cleaned_data["days"])
