"""The common part of both transfers: a reseller or end user moves to another partner when all three have agreed (ORG-1)."""

from django.utils.translation import gettext_lazy as _

from partners.rules import address_is_settled, answers_for_itself
from policies.verdict import Verdict
from tickets.base import Milestone, TicketForm, TicketType, done, waits
from tickets.consents import agreed_by_all, holdings, invite, notify_done, reachable, to_another_partner
from tickets.fees import fee
from tickets.fields import OtherPartnerField, ProseField


class TransferForm(TicketForm):
    """The new partner and the description; the type's `field_order` puts the field of the moved company first."""

    new_partner = OtherPartnerField(
        label=_("New partner"), max_length=20, help_text=_("The new partner’s code, for example P0012. It pays the fee.")
    )
    description = ProseField(label=_("What should be moved, and why"), max_length=4000, rows=4)


class Transfer(TicketType):
    """A move between partners. Subclasses define what moves (`moved`), the fee, its end users, and how to move it."""

    topic = "Company"
    icon = "company"
    expected = _("Moved within two business days of the last confirmation")
    rules = ("GEN-1", "GEN-3", "ORG-1", "ORG-4")
    fee_title = ""
    price_note = _("%(price)s, paid by the new partner in its own currency")
    paid_by_another = True
    milestones = (
        Milestone(_("Submitted"), "submitted"),
        Milestone(_("All parties agreed"), "step", "consents"),
        Milestone(_("Moved"), "applied"),
    )

    def end_users(self, moved):
        """Return the end users (a queryset) that move with it."""
        raise NotImplementedError

    def settled(self, moved, partner, book):
        """Return findings for the care team to review before the move: who answers for the company, and since when (ORG-4)."""
        return [*address_is_settled(moved, book=book, field=self.moved), *answers_for_itself(moved, partner, field=self.moved)]

    def move(self, moved, new_partner):
        """Move it in the estate."""
        raise NotImplementedError

    def subject(self, answers):
        return _("Move %(name)s to %(partner)s") % {"name": answers[self.moved].name, "partner": _called(answers["new_partner"])}

    def decide(self, answers, *, book, today):
        moved, new_partner = answers.get(self.moved), answers.get("new_partner")
        findings, charges = [], ()
        if moved:
            findings += reachable(moved.name, moved.email)
            findings += self.settled(moved, answers.partner, book)
        if new_partner:
            findings += to_another_partner(answers.partner, new_partner)
            charged, charge = fee(self.fees[0], self.fee_title, payer=new_partner, book=book)
            findings, charges = [*findings, charged], (charge,)
        return Verdict((*findings, *agreed_by_all(answers.consents)), charges)

    def after_submission(self, ticket, answers, *, at):
        moved = answers[self.moved]
        invite(ticket, subject=(moved.name, moved.email), new_partner=answers["new_partner"], at=at)
        return waits("parties", "")

    def changes(self, answers):
        """Return what the transfer would move, for the parties to read: [(noun, count)]."""
        return holdings(self.end_users(answers[self.moved]))

    def apply(self, ticket, answers, *, book, today):
        moved = answers[self.moved]
        self.move(moved, answers["new_partner"])
        notify_done(ticket, at=answers.at)
        return done(
            _("%(name)s now belongs to %(partner)s, with everything it owns.")
            % {"name": moved.name, "partner": _called(answers["new_partner"])}
        )


def _called(partner):
    """Return the partner's name: the requester sees it once the request is submitted, as all parties do (docs/decisions/0374)."""
    return partner.name or partner.code
