"""Move a reseller to another partner – FAQ: "How to move Reseller or end-user between Partners?" (ORG-1)."""

from django.utils.translation import gettext_lazy as _

from partners.rules import no_recent_end_users
from partners.services import move_reseller
from tickets.fields import ResellerField
from tickets.transfers import Transfer, TransferForm


class ResellerTransferForm(TransferForm):
    field_order = ("reseller", "new_partner", "description")
    reseller = ResellerField(label=_("Reseller to move"), help_text=_("Its end users and everything they own move with it."))


class ResellerTransfer(Transfer):
    code = "reseller_transfer"
    title = _("Move a reseller")
    description = _(
        "Move a reseller with its end users to another partner. The reseller, you and the new partner each agree through an e-mailed link."
    )
    search_terms = "transfer dealer change"
    fees = ("fee.reseller_transfer",)
    fee_title = _("Reseller transfer")
    form = ResellerTransferForm
    action = _("Move the reseller")
    moved = "reseller"

    def end_users(self, moved):
        return moved.end_users.all()

    def settled(self, moved, partner, book):
        return [*super().settled(moved, partner, book), *no_recent_end_users(moved, book=book, field=self.moved)]

    def move(self, moved, new_partner):
        move_reseller(moved, new_partner)
