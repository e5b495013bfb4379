"""Cancel DIDs – FAQ: "How to cancel DID number?" (DID-1 to DID-4, GEN-2)."""

from django.utils.translation import gettext_lazy as _

from classound import rules
from classound.numbers import grouped
from classound.services import cancel_did
from policies.verdict import Verdict
from policies.wording import first_of
from tickets.base import TicketForm, TicketType, done
from tickets.fields import DidsField, ProseField


class DidCancelForm(TicketForm):
    dids = DidsField(label=_("Numbers to cancel"), help_text=_("A range can only be cancelled as a whole."))
    reason = ProseField(label=_("Reason"), required=False, max_length=2000)


class DidCancel(TicketType):
    code = "did_cancel"
    title = _("Cancel numbers")
    topic = "CLASSOUND"
    icon = "phone"
    description = _("Cancel single numbers or whole ranges. The cancellation takes effect when we process the request.")
    search_terms = "delete remove end terminate give back get rid of a DID or phone number"
    expected = _("Usually done within one business day")
    rules = ("GEN-1", "GEN-2", "DID-1", "DID-2", "DID-3", "DID-4")
    form = DidCancelForm
    action = _("Cancel the numbers")

    def subject(self, answers):
        numbers = [grouped(choice.asked) for choice in answers["dids"]]
        return _("Cancel %(numbers)s") % {"numbers": first_of(numbers)}

    def decide(self, answers, *, book, today):
        findings = self.booked_ahead(answers, book=book)
        for did, asked in answers.get("dids") or ():
            findings += rules.is_in_service(did, field="dids")
            findings += rules.whole_range(did, asked, book=book, field="dids")
            findings += rules.not_under_commitment(did, book=book, today=today, field="dids")
            findings += rules.past_minimum_term(did, book=book, today=today, field="dids")
        return Verdict(tuple(findings))

    def apply(self, ticket, answers, *, book, today):
        for did, _asked in answers["dids"]:
            cancel_did(did, today=today)
        return done(_("Cancelled: %(numbers)s.") % {"numbers": ", ".join(grouped(did.number) for did, _asked in answers["dids"])})
