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
    confirmed_date = IsoDateField(label=_("Confirmed porting date"), required=False)

    def clean(self):
        answer = super().clean()
        outcome, date = answer.get("outcome"), answer.get("confirmed_date")
        if outcome == PortingChange.Outcome.CONFIRMED and not date and "confirmed_date" not in self.errors:
            self.add_error("confirmed_date", _("Write the date that the carrier confirmed."))
        if outcome == PortingChange.Outcome.REFUSED and date:
            self.add_error("confirmed_date", _("Leave the date empty: after a refusal the number is ported as planned before."))
        return answer


def steps(ticket):
    """The carrier's answer, until it has been written down."""
    if not PortingChange.objects.filter(source=ticket.source, outcome="").exists():
        return []
    return [Step("carrier_outcome", _("Record the carrier’s answer"), "agent", record_answer, CarrierAnswerForm, _("Record the answer"))]


def record_answer(ticket, cleaned, *, today):
    """The carrier confirms a date, maybe another than asked for, or refuses; either way the fee stays as posted."""
    change = PortingChange.objects.select_for_update(no_key=True, of=("self", "did")).select_related("did").get(source=ticket.source)
    confirmed = cleaned["confirmed_date"]  # none after a refusal
    # An answer can be written down after its day has come, but none was given before the carrier was asked.
    if confirmed and not change.sent_on <= confirmed <= rules.latest_new_date(change.did, book=PolicyValue.objects.book(on=today)):
        raise ValidationError({"confirmed_date": _("This date is before the carrier was asked, or too far off. Write what it confirmed.")})
    day = confirmed or change.did.porting_date or change.previous_date
    if not record_carrier_answer(change, confirmed_date=confirmed, today=today):
        text = _("The carrier has answered. %(did)s has been cancelled meanwhile: it is not ported.")
    else:
        text = _carrier_said(confirmed, change, has_come=day < today)
    days = {"asked": day_in_full(change.requested_date), "date": day_in_full(day)}
    return done(text % (days | {"did": grouped(change.did.number)}), declined=not confirmed)


def _carrier_said(confirmed, change, *, has_come):
    """What the partner reads; of a day that has passed it is not said that the number is ported on it."""
    if not confirmed:
        if has_come:
            return _("The carrier did not accept %(asked)s: the porting date of %(did)s stayed %(date)s.")
        return _("The carrier did not accept %(asked)s: %(did)s is ported on %(date)s, as planned before.")
    if confirmed != change.requested_date:
        if has_come:
            return _("The carrier had confirmed another date than %(asked)s: the porting date of %(did)s was %(date)s.")
        return _("The carrier has confirmed another date than %(asked)s: %(did)s is ported on %(date)s.")
    if has_come:
        return _("The carrier had confirmed it: the porting date of %(did)s was %(date)s.")
    return _("The carrier has confirmed it: %(did)s is ported on %(date)s.")
