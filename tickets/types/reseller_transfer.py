"""Move a reseller to another partner – FAQ: "How to move Reseller or end-user between Partners?" (ORG-1)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.services import move_reseller
from policies.verdict import Verdict
from tickets.base import Milestone, TicketForm, TicketType, done, waits
from tickets.consents import agreed_by_all, holdings, invite, reachable, to_another_partner
from tickets.fees import fee
from tickets.fields import OtherPartnerField, ResellerField


class ResellerTransferForm(TicketForm):
    reseller = ResellerField(label=_("Reseller to move"), help_text=_("Its end users and everything they own move with it."))
    new_partner = OtherPartnerField(
        label=_("Code of the new partner"), max_length=20, help_text=_("The new partner’s code, for example P0012. It pays the fee.")
    )
    description = forms.CharField(label=_("What should happen, and why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class ResellerTransfer(TicketType):
    code = "reseller_transfer"
    title = _("Move a reseller")
    topic = "Company"
    icon = "company"
    description = _(
        "Move a reseller with its end users to another partner. The reseller, you and the new partner each agree by a mailed link."
    )
    expected = _("Within two business days of the last confirmation")
    rules = ("GEN-1", "GEN-3", "ORG-1")
    fees = ("fee.reseller_transfer",)
    form = ResellerTransferForm
    action = _("Move the reseller")
    milestones = (
        Milestone(_("Submitted"), "submitted"),
        Milestone(_("Everybody agreed"), "step", "consents"),
        Milestone(_("Moved"), "applied"),
    )

    def subject(self, answers):
        return _("Move %(reseller)s to %(partner)s") % {"reseller": answers["reseller"].name, "partner": answers["new_partner"].code}

    def decide(self, answers, *, book, today):
        reseller, new_partner = answers.get("reseller"), answers.get("new_partner")
        findings, charges = [], ()
        if reseller:
            findings += reachable(reseller.name, reseller.email)
        if new_partner:
            findings += to_another_partner(answers.partner, new_partner)
            charged, charge = fee(
                "fee.reseller_transfer", _("Transfer of a reseller"), rule="ORG-1", payer=new_partner, book=book, moment="executed"
            )
            findings, charges = [*findings, charged], (charge,)
        return Verdict((*findings, *agreed_by_all(answers.consents)), charges)

    def opened(self, ticket, answers, *, at):
        reseller = answers["reseller"]
        invite(ticket, subject=(reseller.name, reseller.email), new_partner=answers["new_partner"], at=at)
        return waits("parties", "")

    def changes(self, answers):
        """What the transfer would move, for the parties to read: (what, how many)."""
        return holdings(answers["reseller"].end_users.all())

    def apply(self, ticket, answers, *, book, today):
        moved = answers["reseller"]
        move_reseller(moved, answers["new_partner"])
        return done(
            _("%(reseller)s now belongs to %(partner)s, with everything it owns.")
            % {"reseller": moved.name, "partner": answers["new_partner"].code}
        )
