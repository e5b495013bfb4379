"""What is typed on the pages about a company: colleagues, resellers, where an end user belongs, API tokens."""

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

# A name goes into mails to people who did not ask for them: no addresses in it.
NO_ADDRESS = RegexValidator(re.compile(r"[/@<>]|\bwww\."), _("A name only, without an address."), inverse_match=True)
LABELS = [("", _("None")), *((value, capfirst(label)) for value, label in User.Label.choices)]
# So many resellers are a list to choose from; of more, one is typed.
LISTED = 40


class PersonForm(forms.Form):
    """A colleague's name and label."""

    full_name = NameField(label=_("Full name"), max_length=100, validators=[NO_ADDRESS])
    label = forms.ChoiceField(
        label=_("Label"), choices=LABELS, required=False, help_text=_("It sorts the list, and allows or forbids nothing.")
    )


class InvitationForm(PersonForm):
    """A colleague to invite. What is asked about the address is asked of one's own people only."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("The colleague signs in with it."))
    field_order = ("full_name", "email", "label")

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        self.partner = partner

    def clean_email(self):
        email = self.cleaned_data["email"].strip().lower()
        known = User.objects.filter(partner=self.partner, email=email).first()
        if known and known.is_active:
            raise ValidationError(_("%(name)s is in your team already."), code="known", params={"name": known})
        if known:
            message = _("%(name)s was in your team: open the entry in the list, and give the access back.")
            raise ValidationError(message, code="ended", params={"name": known})
        return email


class ResellerForm(forms.Form):
    """A reseller's name and address; two of one name could not be told apart."""

    name = NameField(label=_("Name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("It is asked to agree by mail when it moves to another partner. The address it has now is told of a change."),
    )

    def __init__(self, *args, partner, reseller=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = Reseller.objects.of_partner(partner).exclude(pk=reseller.pk if reseller else None)

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if self.others.filter(name__iexact=name).exists():
            raise ValidationError(_("You have a reseller of this name already."), code="taken")
        return name


class DeletionForm(forms.Form):
    """The name of what is deleted for good, typed once more; the rule compares it (ORG-3)."""

    typed = forms.CharField(
        label=_("Type the name of the reseller to confirm"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )


class PlacementForm(forms.Form):
    """The reseller an end user moves to, by code or whole name; empty for none. `reseller` cleans to a Reseller or None."""

    reseller = forms.CharField(label=_("Reseller"), max_length=200, required=False)

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        self.resellers, field = Reseller.objects.of_partner(partner), self.fields["reseller"]
        offered = list(self.resellers.order_by("name", "id")[: LISTED + 1])
        if len(offered) > LISTED:
            field.help_text = _("Its code or its whole name. Leave it empty for an end user that you serve yourself.")
            field.widget.attrs["autocomplete"] = "off"
        else:
            field.widget = forms.Select(choices=[("", _("None, we serve it ourselves")), *((one.code, str(one)) for one in offered)])

    def clean_reseller(self):
        given = " ".join(self.cleaned_data["reseller"].split())
        if not given:
            return None
        found = self.resellers.filter(code__iexact=given)[:1] or self.resellers.filter(name__iexact=given)[:2]
        if len(found) != 1:
            message = (
                _("More than one reseller has this name: write the code.") if found else _("None of your resellers has this code or name.")
            )
            raise ValidationError(message, code="unknown")
        return found[0]


class TokenForm(forms.Form):
    """A new API token: what it is for, and for how long."""

    name = NameField(label=_("What it is for"), max_length=100, help_text=_("The program or the script, to tell it from others."))
    days = forms.TypedChoiceField(label=_("Valid for"), coerce=int)

    def __init__(self, *args, names=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.names = names  # of those that work; asked for when a form is sent
        most = settings.API_TOKEN_DAYS
        offered = sorted({min(days, most) for days in (30, 90, most)})
        self.fields["days"].choices = [(days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in offered]

    def clean_name(self):
        """A name that none of one's tokens has, which tells them apart; so a form that is sent twice makes one."""
        if self.cleaned_data["name"] in self.names:
            raise ValidationError(
                _("You have a token of this name already. Choose another name; or revoke that one first, if you do not have it."),
                code="taken",
            )
        return self.cleaned_data["name"]

    def expires_at(self, at):
        """The moment the token ends, when it is made `at`."""
        return at + timedelta(days=self.cleaned_data["days"])
