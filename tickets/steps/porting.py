"""The carrier's answer to a change of a porting date (DID-5)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from classound import rules
from classound.models import PortingChange
from classound.numbers import grouped
from classound.services import record_carrier_answer
from policies.models import PolicyValue
from policies.wording import day_in_full
from tickets.base import Step, done
from tickets.fields import IsoDateField


class CarrierAnswerForm(forms.Form):
    outcome = forms.ChoiceField(label=_("The carrier’s answer"), choices=PortingChange.Outcome.choices, widget=forms.RadioSelect)
    confirmed_date = IsoDateField(label=_("Confirmed porting date"), help_text=_("Only if the carrier has confirmed one."), required=False)

    def clean(self):
        answer = super().clean()
        outcome, date = answer.get("outcome"), answer.get("confirmed_date")
        if outcome == PortingChange.Outcome.CONFIRMED and not date and "confirmed_date" not in self.errors:
            self.add_error("confirmed_date", _("Enter the date the carrier confirmed."))
        if outcome == PortingChange.Outcome.REFUSED and date:
            self.add_error("confirmed_date", _("Leave the date empty: after a refusal, the number is ported on the date planned before."))
        return answer


def steps(ticket):
    """Return the step for the carrier's answer until it has been recorded."""
    if not PortingChange.objects.filter(source=ticket.source, outcome="").exists():
        return []
    return [Step("carrier_outcome", _("Record the carrier’s answer"), "agent", record_answer, CarrierAnswerForm, _("Record the answer"))]


def record_answer(ticket, cleaned, *, today):
    """Record that the carrier confirmed a date, perhaps not the requested one, or refused; either way, the posted fee stays."""
    change = PortingChange.objects.select_for_update(no_key=True, of=("self", "did")).select_related("did").get(source=ticket.source)
    confirmed = cleaned["confirmed_date"]  # none after a refusal
    # An answer can be recorded after its date has passed, but the carrier cannot have answered before it was asked.
    if confirmed and not change.sent_on <= confirmed <= rules.latest_new_date(change.did, book=PolicyValue.objects.book(on=today)):
        message = _("This date is before the carrier was asked or too far in the future. Enter the date the carrier confirmed.")
        raise ValidationError({"confirmed_date": message})
    day = confirmed or change.did.porting_date or change.previous_date
    if not record_carrier_answer(change, confirmed_date=confirmed, today=today):
        text = _("The carrier has answered. %(did)s has been cancelled in the meantime and will not be ported.")
    else:
        text = _answer_text(confirmed, change, has_come=day < today)
    days = {"asked": day_in_full(change.requested_date), "date": day_in_full(day)}
    return done(text % (days | {"did": grouped(change.did.number)}), declined=not confirmed)


def _answer_text(confirmed, change, *, has_come):
    """Return the text for the partner; for a date that has passed, it does not promise a porting."""
    if not confirmed:
        if has_come:
            return _("The carrier did not accept %(asked)s: the porting date of %(did)s remained %(date)s.")
        return _("The carrier did not accept %(asked)s: %(did)s will be ported on %(date)s, as originally planned.")
    if confirmed != change.requested_date:
        if has_come:
            return _("The carrier confirmed a different date from %(asked)s: the porting date of %(did)s was %(date)s.")
        return _("The carrier confirmed a different date from %(asked)s: %(did)s will be ported on %(date)s.")
    if has_come:
        return _("The carrier confirmed your date: the porting date of %(did)s was %(date)s.")
    return _("The carrier confirmed your date: %(did)s will be ported on %(date)s.")
