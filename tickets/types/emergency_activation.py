"""Activate emergency calling – FAQ: "How to activate Emergency Services for DID number?", "… of the Germany region?" (DID-10)."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from classound import calling_rules
from classound.numbers import grouped
from classound.services import request_location
from policies.catalog import POLICIES
from policies.verdict import Verdict
from policies.wording import first_of
from tickets.base import Milestone, TicketForm, TicketType, answered, waits
from tickets.fields import CountryField, DidField, RowsField
from tickets.steps.emergency import CorrectionForm, item_states, steps


class LocationForm(CorrectionForm):
    did = DidField(label=_("Number"), widget=forms.TextInput(attrs={"inputmode": "tel"}), facts=("emergency_locations",))
    country = CountryField(label=_("Country"), help_text=_("For example Italy or IT."))


class EmergencyActivationForm(TicketForm):
    locations = RowsField(
        LocationForm,
        label=_("User locations"),
        help_text=_("One address per number. A single number within a range can have its own address."),
    )


class EmergencyActivation(TicketType):
    code = "emergency_activation"
    title = _("Activate emergency calling")
    topic = "CLASSOUND"
    icon = "shield"
    description = _("Register the address of each number’s user. Emergency calling becomes active once the address is validated.")
    search_terms = "911 e911 112 999 services location address"
    expected = _("Addresses are checked within one business day")
    rules = ("GEN-1", "DID-10")
    form = EmergencyActivationForm
    action = _("Start the validation")
    step_titles = {"check": _("Addresses checked"), "correct": _("Addresses corrected")}
    milestones = (
        Milestone(_("Submitted"), "submitted"),
        Milestone(_("Being validated"), "applied"),
        Milestone(_("Decided"), "step", "check", at_last=True),
    )

    def notes(self, book):
        values = book.cite("emergency.automatic_countries")
        return [{"rule": "DID-10", "text": POLICIES[code].tell(value)} for code, value in values.items()]

    def subject(self, answers):
        numbers = [grouped(row["did"].asked) for row in answers["locations"]]
        return _("Emergency calling for %(numbers)s") % {"numbers": first_of(numbers)}

    def decide(self, answers, *, book, today):
        rows = answers.get("locations") or []
        findings = calling_rules.located_once([row["did"].asked for row in rows], field="locations")
        for row in rows:
            did, asked = row["did"]
            findings += calling_rules.location_can_be_validated(did, asked, row, book=book, field="locations")
        return Verdict(tuple(findings))

    @staticmethod
    def to_validate(answers, book):
        """Return the rows whose numbers do not get emergency calling automatically."""
        return [row for row in answers["locations"] if not calling_rules.emergency_is_automatic(row["did"].did, book=book)]

    def after_submission(self, ticket, answers, *, at):
        if not self.to_validate(answers, ticket.policy_book()):
            return self.automatic(answers)
        return None

    @staticmethod
    def automatic(answers):
        """Return the answer to a request that was not needed."""
        numbers = ", ".join(dict.fromkeys(grouped(row["did"].asked) for row in answers["locations"]))
        text = _("No action is needed: emergency calling is active automatically for %(numbers)s, as for all numbers in that country.")
        return answered(text % {"numbers": numbers})

    def apply(self, ticket, answers, *, book, today):
        rows = self.to_validate(answers, book)
        if not rows:
            return self.automatic(answers)
        for row in rows:
            did, asked = row["did"]
            request_location(did, asked, row, source=ticket.source, today=today)
        note = ngettext(
            "The address of %(numbers)s is being validated.", "The addresses of these numbers are being validated: %(numbers)s.", len(rows)
        )
        return waits("", note % {"numbers": ", ".join(grouped(row["did"].asked) for row in rows)})

    steps = staticmethod(steps)
    item_states = staticmethod(item_states)
