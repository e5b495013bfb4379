"""The form with which a partner moves a PBX."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import EndUser


class MoveForm(forms.Form):
    """To which end user of the partner; `user` is who moves."""

    end_user = forms.CharField(label=_("End user"), max_length=30, error_messages={"required": _("Choose the end user that it goes to.")})
    confirmed = forms.BooleanField(
        label=_("I have seen what moves with it."), error_messages={"required": _("Please confirm that you have seen what moves.")}
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.user = user

    def clean_end_user(self):
        """One of the partner's own; of others nothing is said."""
        code = self.cleaned_data["end_user"]
        found = EndUser.objects.visible_to(self.user).select_related("partner").filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("%(code)s is not the code of one of your end users."), params={"code": code})
        return found
