"""The review of special numbers (DID-14): the care team decides each number by itself, all at once or in several goes."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from classound.models import SpecialNumber
from classound.services import decide_special_number
from tickets.base import Standing, Step, done, waits

Decision = SpecialNumber.Decision
TONES = {Decision.REQUESTED: "info", Decision.GRANTED: "ok", Decision.REFUSED: "bad"}
CHOICES = (("", _("Not decided yet")), (Decision.GRANTED.value, _("Grant it")), (Decision.REFUSED.value, _("Refuse it")))


def of(ticket):
    """The special numbers that the ticket asked for."""
    return SpecialNumber.objects.filter(source=ticket.source).order_by("pk")


def steps(ticket):
    """The care team's decision, while any number has none."""
    asked = {} if ticket.is_over else {place: one for place, one in enumerate(of(ticket), 1) if one.decision == Decision.REQUESTED}
    if not asked:
        return []
    return [Step("decide", _("Decide each number"), "agent", decide, decision_form(asked), _("Record the decisions"))]


def standing(ticket):
    """What was decided of each number."""
    return [Standing(a.number, a.decision, a.get_decision_display(), TONES[a.decision], a.reason) for a in of(ticket)]


def decision_form(asked):
    """A form with a decision and a reason for each number of {place in the request: SpecialNumber}, named by its place."""
    fields = {}
    for place, one in asked.items():
        fields[f"decision_{place}"] = forms.ChoiceField(
            label=one.number, choices=CHOICES, required=False, widget=forms.RadioSelect, initial=""
        )
        label = _("Reason for %(number)s") % {"number": one.number}
        fields[f"reason_{place}"] = forms.CharField(label=label, required=False, max_length=500)
    return type("DecisionForm", (_DecisionForm,), fields | {"places": {place: one.number for place, one in asked.items()}})


class _DecisionForm(forms.Form):
    places = {}

    def clean(self):
        answer = super().clean()
        decided = {}
        for place, number in self.places.items():
            decision, reason = answer.get(f"decision_{place}"), answer.get(f"reason_{place}", "")
            if decision == Decision.REFUSED and not reason:
                self.add_error(f"reason_{place}", _("Tell the partner why this number is refused."))
            elif decision:
                decided[number] = (decision, reason)
        if not decided and not self.errors:
            raise ValidationError(_("Decide at least one number."))
        return answer | {"decided": decided}


def decide(ticket, cleaned, *, today):
    """Keep the decision of each number; the request is done when none is left. Raises ValidationError for a PBX that is gone."""
    for one in (
        of(ticket).filter(decision=Decision.REQUESTED).select_related("pbx__end_user").select_for_update(no_key=True, of=("self", "pbx"))
    ):
        if one.number in cleaned["decided"]:
            _can_be_granted(one, cleaned["decided"][one.number][0], ticket)
            decide_special_number(one, *cleaned["decided"][one.number], today=today)
    asked = list(of(ticket))
    note = "\n".join(_said(one) for one in asked)
    if any(one.decision == Decision.REQUESTED for one in asked):
        return waits("", note)
    return done(note, declined=all(one.decision == Decision.REFUSED for one in asked))


def _can_be_granted(one, decision, ticket):
    pbx = one.pbx
    if decision == Decision.GRANTED and (pbx.terminated_on or pbx.end_user.partner_id != ticket.partner_id):
        message = _("%(pbx)s was terminated, or is not a PBX of this partner any more: refuse its numbers.")
        raise ValidationError(message, params={"pbx": pbx.name})


def _said(one):
    line = f"{one.number}: {one.get_decision_display()}"
    return f"{line} – {one.reason}" if one.reason else line
