"""Enable calls to special numbers from a PBX – FAQ: "How to make calls to a special number via CLASSOUND?" (DID-14)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from classound import calling_rules
from classound.services import request_special_number
from policies.verdict import Verdict
from policies.wording import first_of
from tickets.base import Milestone, TicketForm, TicketType, waits
from tickets.fields import PbxField, ProseField, SpecialNumbersField
from tickets.steps.special_numbers import item_states, steps


class SpecialNumberAccessForm(TicketForm):
    pbx = PbxField(label=_("PBX to call them from"), facts=("special_numbers",))
    numbers = SpecialNumbersField(label=_("Special numbers"), help_text=_("As dialled, one per line. We review each number individually."))
    purpose = ProseField(label=_("Purpose of the calls"), max_length=2000)


class SpecialNumberAccess(TicketType):
    code = "special_number_access"
    title = _("Call special numbers")
    topic = "CLASSOUND"
    icon = "hash"
    description = _("Have short codes and service numbers enabled for a PBX. A person reviews each number individually.")
    search_terms = "premium short code service 0900 blocked barred dial"
    expected = _("Each number is decided within two business days")
    rules = ("GEN-1", "DID-14")
    form = SpecialNumberAccessForm
    action = _("Start the review")
    step_titles = {"decide": _("Numbers decided")}
    milestones = (
        Milestone(_("Submitted"), "submitted"),
        Milestone(_("Under review"), "applied"),
        Milestone(_("Decided"), "step", "decide", at_last=True),
    )

    def subject(self, answers):
        numbers = answers["numbers"]
        return _("Calls from %(pbx)s to %(numbers)s") % {"pbx": answers["pbx"].name, "numbers": first_of(numbers)}

    def decide(self, answers, *, book, today):
        findings = []
        for number in answers.get("numbers") or ():
            findings += calling_rules.special_number_is_reviewed(answers.get("pbx"), number, field="numbers")
        return Verdict(tuple(findings))

    def apply(self, ticket, answers, *, book, today):
        for number in answers["numbers"]:
            request_special_number(answers["pbx"], number, answers["purpose"], source=ticket.source, today=today)
        text = ngettext("%(numbers)s is being reviewed.", "Each of these numbers is being reviewed: %(numbers)s.", len(answers["numbers"]))
        return waits("", text % {"numbers": ", ".join(answers["numbers"])})

    steps = staticmethod(steps)
    item_states = staticmethod(item_states)
