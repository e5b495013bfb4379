"""Change a porting date – FAQ: "Is it possible to change the porting date?" (DID-5, DID-6)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from classound import rules
from classound.lead_times import lead_times
from classound.models import Did
from classound.numbers import grouped
from classound.services import send_porting_change
from policies.verdict import Verdict
from policies.wording import day_in_full
from tickets.base import Milestone, TicketForm, TicketType, waits
from tickets.fees import fee
from tickets.fields import DidField, IsoDateField
from tickets.steps.porting import steps


class PortingDateChangeForm(TicketForm):
    did = DidField(label=_("Number being ported"), facts=("porting_changes",), first=Did.Status.ORDERED)
    requested_date = IsoDateField(label=_("New porting date"))
    acknowledge_not_guaranteed = forms.BooleanField(
        label=_("I understand that the new date is not guaranteed and that the fee is due either way."),
        error_messages={"required": _("Confirm that you understand the date is not guaranteed.")},
    )


class PortingDateChange(TicketType):
    code = "porting_date_change"
    title = _("Change a porting date")
    topic = "CLASSOUND"
    icon = "calendar"
    description = _("Ask the carrier to move a confirmed porting date. The carrier decides; the fee is due either way.")
    search_terms = "postpone delay move reschedule the port of a DID"
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
            "date": day_in_full(answers["requested_date"]),
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
        title = _("Porting date change")
        charged, charge = fee("fee.porting_date_change", title, payer=answers.partner, book=book, moment="sent_to_carrier")
        return Verdict((*findings, charged), (charge,))

    def apply(self, ticket, answers, *, book, today):
        did = answers["did"].did
        send_porting_change(did, answers["requested_date"], source=ticket.source, today=today)
        return waits(
            "carrier", _("We have asked the carrier to move the porting of %(did)s.") % {"did": grouped(did.number)}, "sent_to_carrier"
        )

    steps = staticmethod(steps)
