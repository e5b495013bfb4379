"""Take a Commitment – FAQ: "How does Commitment work?" (COM-1, COM-2, COM-6, BIL-5)."""

from django.utils.translation import gettext_lazy as _

from pbx import commitment_rules, rules
from pbx.services import start_commitment
from policies.catalog import POLICIES
from policies.verdict import Verdict
from policies.wording import day_in_full
from tickets.base import TicketForm, TicketType, done
from tickets.fields import PbxField
from web.number_fields import WholeNumberField


class CommitmentRequestForm(TicketForm):
    pbx = PbxField(label=_("PBX"))
    years = WholeNumberField(label=_("Years"), min_value=1, max_value=20)


class CommitmentRequest(TicketType):
    code = "commitment_request"
    title = _("Take a Commitment")
    topic = "PBX/Licences"
    icon = "shield"
    description = _("Commit to a PBX for several years and pay less for its licences. No service can be removed before it ends.")
    search_terms = "discount cheaper 3 5 years contract renewal binding term"
    expected = _("Done within one business day")
    rules = ("GEN-1", "COM-1", "COM-2", "COM-6", "BIL-5")
    form = CommitmentRequestForm
    binding = ("years",)
    action = _("Start the Commitment")

    def notes(self, book):
        values = book.cite("commitment.years", "commitment.discount", "commitment.eligible_terms")
        return [{"rule": POLICIES[code].rule, "text": POLICIES[code].tell(value)} for code, value in values.items()]

    def subject(self, answers):
        return _("%(years)s-year Commitment for %(pbx)s") % {"years": answers["years"], "pbx": answers["pbx"].name}

    def decide(self, answers, *, book, today):
        pbx, years = answers.get("pbx"), answers.get("years")
        if not pbx:
            return Verdict()
        findings = rules.can_take_commitment(pbx, years, book=book, today=today, field="years")
        if years is not None and not findings:
            findings = rules.commitment_discounts(pbx, years, book=book, field="years")
            findings += commitment_rules.ends_and_renews(pbx, years, starts_on=book.on, field="years")
        return Verdict(tuple(findings))

    def apply(self, ticket, answers, *, book, today):
        # Starts on the day of the request, whose discount was promised (BIL-5), however long the care team took.
        commitment = start_commitment(answers["pbx"], answers["years"], today=book.on)
        values = {"pbx": answers["pbx"].name, "end": day_in_full(commitment.ends_on)}
        return done(_("The Commitment for %(pbx)s runs until %(end)s.") % values)
