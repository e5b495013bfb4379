"""Change Teams4Wildix licences – FAQ: "How to cancel/change number of Teams4Wildix licenses?" (DID-16, DID-17, COM-5, LIC-3, LIC-4)."""

from django.utils.translation import gettext_lazy as _

from pbx import rules, teams_rules
from pbx.models import Licence
from pbx.services import set_licences
from policies.verdict import Verdict
from tickets.base import TicketForm, done
from tickets.fees import licences, was_quoted
from tickets.fields import NumberedPbxField
from tickets.steps.licence_price import LicencesType
from web.number_fields import WholeNumberField

TEAMS = Licence.Type.TEAMS


class TeamsLicenceChangeForm(TicketForm):
    pbx = NumberedPbxField(label=_("PBX"))
    quantity = WholeNumberField(label=_("New total of Teams licences"), min_value=0, max_value=100_000)


class TeamsLicenceChange(LicencesType):
    code = "teams_licence_change"
    title = _("Change Teams licences")
    topic = "CLASSOUND"
    icon = "users"
    description = _("Add or remove Teams4Wildix licences on a PBX. Added licences are charged up to the PBX’s expiry date.")
    search_terms = "microsoft direct routing"
    expected = _("Done within one business day")
    rules = ("GEN-1", "GEN-2", "GEN-3", "DID-16", "DID-17", "LIC-3", "LIC-4", "LIC-8", "COM-2", "COM-3", "COM-5")
    form = TeamsLicenceChangeForm
    action = _("Change the licences")
    price_note = _("The price of the added licences until the PBX expires")

    def subject(self, answers):
        return _("%(pbx)s: %(quantity)s × Teams4Wildix") % {"pbx": answers["pbx"].name, "quantity": answers["quantity"]}

    def added(self, answers):
        more = answers["quantity"] - _present(answers["pbx"])
        return {TEAMS: more} if more > 0 else {}

    def decide(self, answers, *, book, today):
        pbx, quantity = answers.get("pbx"), answers.get("quantity")
        findings = rules.outside_the_blackout(answers.at, book=book, field="pbx")
        if not pbx:
            return Verdict(tuple(findings))
        present = _present(pbx)
        if quantity is None or quantity > present:
            findings += rules.changes_are_separate(pbx, field="pbx")
            findings += teams_rules.teams_can_be_used(pbx, quantity, book=book, field="quantity")
        elif quantity < present:
            findings += self.booked_ahead(answers, book=book)
            findings += rules.nothing_leaves_under_commitment(pbx, rule="DID-17", today=today, field="quantity")
        else:
            findings += rules.nothing_changes(pbx, field="quantity")
        more = self.added(answers) if quantity is not None else {}
        if more:
            findings += rules.upgrade_is_evaluated(pbx, book=book, today=today, field="quantity")
        price_findings, charges = licences(pbx, more, answers, book=book, field="quantity")
        findings += [*price_findings, *was_quoted(pbx, charges, answers, field="quantity")]
        return Verdict(tuple(findings), tuple(charges))

    def apply(self, ticket, answers, *, book, today):
        pbx = answers["pbx"]
        set_licences(pbx, TEAMS, answers["quantity"], monthly_price=rules.monthly_price(pbx, TEAMS, book=book), today=today)
        return done(_("%(pbx)s now has %(quantity)s × Teams4Wildix.") % {"pbx": pbx.name, "quantity": answers["quantity"]})


def _present(pbx):
    """Return how many Teams licences the PBX has."""
    return next((row.quantity for row in pbx.licences.all() if row.licence_type == TEAMS), 0)
