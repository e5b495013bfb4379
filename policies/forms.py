"""The form for adding a dated policy value. It only reads input; `policies.services` validates and saves."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from policies import services
from policies.widgets import TableWidget, in_unit, widget_for


class UnitField(forms.Field):
    """A value of a unit, as entered; the parts of a duration or a window are joined."""

    def __init__(self, unit, **options):
        self.unit = unit
        super().__init__(widget=widget_for(unit), required=False, **options)

    def prepare_value(self, value):
        if self.unit.name == "list" and not self.unit.of and isinstance(value, list):
            return ", ".join(value)
        if self.unit.name == "percent" and isinstance(value, str) and value.endswith(".00"):
            return value.removesuffix(".00")
        return value

    def clean(self, value):
        if self.unit.name in ("duration", "window") and isinstance(value, list):
            return {"duration": " ", "window": "–"}[self.unit.name].join(part or "" for part in value).strip()
        return value


class ValueForm(forms.Form):
    """One dated value: the value, its start date, the date at which it is read, and the reason."""

    value = forms.Field()
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    basis = forms.ChoiceField(label=_("Applies to"), required=False)
    note = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        help_text=_("Kept with the value permanently; visible to staff, not to partners."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
    )

    def __init__(self, policy, today, *args, **options):
        super().__init__(*args, **options)
        self.policy, self.today = policy, today
        self.fields["value"] = UnitField(policy.unit, label=in_unit(_("New value"), policy.unit))
        if policy.unit.name == "money":
            self.fields["value"].help_text = _("The figure is the same in every account currency.")
        self.fields["valid_from"].widget.attrs["min"] = today.isoformat()
        self.fields["valid_from"].help_text = _("Today or later. Requests submitted before that day keep the value they were judged by.")
        if policy.origin:
            self.fields["basis"].choices = [
                ("request", _("every request from that day")),
                ("origin", _("only items dated that day or later (%(origin)s)") % {"origin": policy.origin}),
            ]
        else:
            del self.fields["basis"]

    def clean(self):
        """Report every problem the service would raise, each at its field."""
        given = self.cleaned_data
        try:
            self.checked = services.check_value(
                self.policy.code, given.get("valid_from"), given.get("value"), given.get("note"), self.today, given.get("basis", "")
            )
        except ValidationError as problems:
            for field, errors in problems.error_dict.items():
                if field not in self.errors:
                    self.add_error(field if field in self.fields else None, errors)

    def as_written(self, *, more_rows=False):
        """Return an unbound form that shows the posted data without validating it."""
        initial = {name: field.widget.value_from_datadict(self.data, self.files, name) for name, field in self.fields.items()}
        form = ValueForm(self.policy, self.today, initial=initial)
        if more_rows and isinstance(form.fields["value"].widget, TableWidget):
            form.fields["value"].widget.add_spare(self.data, "value")
        return form
