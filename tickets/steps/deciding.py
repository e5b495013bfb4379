"""Things of a request that the care team decides one by one (DID-10, DID-14): a decision for each, with a reason where it needs one."""

from django import forms
from django.core.exceptions import ValidationError


def deciding_form(things, choices, *, explained, no_reason, no_decision):
    """The form for {key: (label, label of the reason)}: the choice `explained` needs a reason; the rest is what it says without.

    `decided` of its cleaned data is {key: (decision, reason)} of what was decided.
    """
    fields = {}
    for key, (label, why) in things.items():
        fields[f"decision_{key}"] = forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect, initial="")
        fields[f"reason_{key}"] = forms.CharField(label=why, required=False, max_length=500)

    def clean(form):
        answer = form.cleaned_data
        told = {key: (answer.get(f"decision_{key}"), answer.get(f"reason_{key}", "")) for key in things}
        decided = {key: (decision, reason) for key, (decision, reason) in told.items() if decision}
        for key in [key for key, (decision, reason) in decided.items() if decision == explained and not reason]:
            form.add_error(f"reason_{key}", no_reason)
        if not decided and not form.errors:
            raise ValidationError(no_decision)
        return answer | {"decided": decided}

    return type("DecidingForm", (forms.Form,), fields | {"clean": clean})
