"""Items of a request that the care team decides individually (DID-10, DID-14): a decision for each, with a reason where required."""

from django import forms
from django.core.exceptions import ValidationError


def deciding_form(things, choices, *, explained, no_reason, no_decision):
    """Return the form for {key: (label, label of the reason)}. The choice `explained` requires a reason; `no_reason` and `no_decision`
    are the error messages.

    Its cleaned data has `decided`: {key: (decision, reason)} of the items decided.
    """
    fields = {}
    for key, (label, why) in things.items():
        fields[f"decision_{key}"] = forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect, initial="")
        fields[f"reason_{key}"] = forms.CharField(label=why, required=False, max_length=500)

    def clean(form):
        answer = form.cleaned_data
        given = {key: (answer.get(f"decision_{key}"), answer.get(f"reason_{key}", "")) for key in things}
        decided = {key: (decision, reason) for key, (decision, reason) in given.items() if decision}
        for key in [key for key, (decision, reason) in decided.items() if decision == explained and not reason]:
            form.add_error(f"reason_{key}", no_reason)
        if not decided and not form.errors:
            raise ValidationError(no_decision)
        return answer | {"decided": decided}

    return type("DecidingForm", (forms.Form,), fields | {"clean": clean})
