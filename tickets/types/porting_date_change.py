"""Change a porting date – FAQ: "Is it possible to change the porting date?" (DID-5, DID-6)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from classound import rules
from classound.lead_times import lead_times
from classound.models import PortingChange
from classound.numbers import grouped
from classound.services import record_carrier_answer, send_porting_change
from policies.models import PolicyValue
from policies.verdict import Verdict
from tickets.base import Milestone, Step, TicketForm, TicketType, done, waits
from tickets.fees import fee
from tickets.fields import DidField, IsoDateField


class PortingDateChangeForm(TicketForm):
    did = DidField(label=_("Number being ported"))
    requested_date = IsoDateField(label=_("New porting date"))
    acknowledge_not_guaranteed = forms.BooleanField(
        label=_("I know that the new date is not guaranteed and that the fee is due either way."),
        error_messages={"required": _("Please confirm that you know the date is not guaranteed.")},
    )


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


class PortingDateChange(TicketType):
    code = "porting_date_change"
    title = _("Change a porting date")
    topic = "CLASSOUND"
    icon = "calendar"
    description = _("Ask the carrier to move a confirmed porting date. The carrier decides; the fee is due either way.")
    called = "postpone delay move reschedule the port of a DID"
    expected = _("Sent to the carrier within one business day")
    rules = ("GEN-1", "GEN-3", "DID-3", "DID-5", "DID-6")
    fees = ("fee.porting_date_change",)
    form = PortingDateChangeForm
    action = _("Send to the carrier")
    milestones = (
        Milestone(_("Submitted"), "submitted"),
        Milestone(_("Sent to the carrier"), "applied"),
        Milestone(_("Carrier’s answer"), "step", "carrier_outcome"),
    )

    def notes(self, book):
        return lead_times(book)[:1]

    def subject(self, answers):
        return _("Move the porting of %(did)s to %(date)s") % {
            "did": grouped(answers["did"].asked),
            "date": rules.shown(answers["requested_date"]),
        }

    def decide(self, answers, *, book, today):
        findings = []
        if choice := answers.get("did"):
            did = choice.did
            findings += rules.whole_range(did, choice.asked, book=book, field="did")
            findings += rules.porting_date_is_confirmed(did, today=today, field="did")
            findings += rules.change_is_in_time(did, book=book, field="did")
            if requested := answers.get("requested_date"):
                findings += rules.new_date_is_possible(did, requested, book=book, today=today, field="requested_date")
            findings += rules.porting_reminders(did, book=book, field="did")
        charged, charge = fee(
            "fee.porting_date_change",
            _("Change of a porting date"),
            rule="DID-5",
            payer=answers.partner,
            book=book,
            moment="sent_to_carrier",
        )
        return Verdict((*findings, charged), (charge,))

    def apply(self, ticket, answers, *, book, today):
        did = answers["did"].did
        send_porting_change(did, answers["requested_date"], source=ticket.source, today=today)
        return waits(
            "carrier", _("The carrier has been asked to move the porting of %(did)s.") % {"did": grouped(did.number)}, "sent_to_carrier"
        )

    def steps(self, ticket):
        if ticket.is_over or not PortingChange.objects.filter(source=ticket.source, outcome="").exists():
            return []
        return [
            Step(
                "carrier_outcome", _("Record the carrier’s answer"), "agent", self.record_answer, CarrierAnswerForm, _("Record the answer")
            )
        ]

    def record_answer(self, ticket, cleaned, *, today):
        """The carrier confirms a date, maybe another than asked for, or refuses; either way the fee stays as posted."""
        change = PortingChange.objects.select_for_update(no_key=True, of=("self",)).select_related("did").get(source=ticket.source)
        confirmed = cleaned["confirmed_date"]  # none after a refusal
        if confirmed and not today <= confirmed <= rules.latest_new_date(change.did, book=PolicyValue.objects.book(on=today)):
            raise ValidationError({"confirmed_date": _("This date has passed or is too far off. Write what the carrier confirmed.")})
        record_carrier_answer(change, confirmed_date=confirmed, today=today)
        if not confirmed:
            text = _("The carrier did not accept %(asked)s: %(did)s is ported on %(date)s, as planned before.")
        elif confirmed != change.requested_date:
            text = _("The carrier has confirmed another date than %(asked)s: %(did)s is ported on %(date)s.")
        else:
            text = _("The carrier has confirmed it: %(did)s is ported on %(date)s.")
        days = {"asked": rules.shown(change.requested_date), "date": rules.shown(confirmed or change.previous_date)}
        return done(text % (days | {"did": grouped(change.did.number)}), declined=not confirmed)
