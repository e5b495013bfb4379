"""Move an end user to another partner – FAQ: "How to move Reseller or end-user between Partners?" (ORG-1)."""

from django.utils.translation import gettext_lazy as _

from partners.models import EndUser
from partners.services import move_end_user
from tickets.fields import EndUserField
from tickets.transfers import Transfer, TransferForm


class EndUserTransferForm(TransferForm):
    field_order = ("end_user", "new_partner", "description")
    end_user = EndUserField(label=_("End user to move"), help_text=_("Its PBXs, numbers and devices move with it."))


class EndUserTransfer(Transfer):
    code = "end_user_transfer"
    title = _("Move an end user")
    icon = "users"
    description = _("Move an end user to another partner. The end user, you and the new partner each agree through an e-mailed link.")
    search_terms = "transfer customer client"
    fees = ("fee.end_user_transfer",)
    fee_title = _("End user transfer")
    form = EndUserTransferForm
    action = _("Move the end user")
    moved = "end_user"

    def end_users(self, moved):
        return EndUser.objects.filter(pk=moved.pk)

    def move(self, moved, new_partner):
        move_end_user(moved, new_partner)
