"""The form for moving a PBX."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import EndUser


class MoveForm(forms.Form):
    """The end user of the partner to move a PBX to; `user` is the person moving it."""

    end_user = forms.CharField(label=_("End user"), max_length=30, error_messages={"required": _("Choose the end user to move it to.")})
    confirmed = forms.BooleanField(
        label=_("I have reviewed what moves with it."), error_messages={"required": _("Confirm that you have reviewed what moves with it.")}
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.user = user

    def clean_end_user(self):
        """Accept the partner's own end users only; nothing is revealed about others."""
        code = self.cleaned_data["end_user"]
        found = EndUser.objects.visible_to(self.user).select_related("partner").filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("%(code)s is not the code of one of your end users."), params={"code": code})
        return found
