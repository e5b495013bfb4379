"""Move DIDs to another PBX – FAQ: "How to move CLASSOUND service between PBXs of the same end-user?" (DID-3, DID-8, DID-9, COM-4)."""

from django.utils.translation import gettext_lazy as _

from classound import rules
from classound.numbers import grouped
from classound.services import move_dids
from pbx.commitment_rules import stays_until_its_end
from policies.verdict import Verdict
from policies.wording import first_of
from tickets.base import TicketForm, TicketType, done
from tickets.fees import fee
from tickets.fields import DidsField, PbxField


class DidTransferForm(TicketForm):
    dids = DidsField(label=_("Numbers to move"), help_text=_("A range can only be moved as a whole. One fee covers all numbers you move."))
    target_pbx = PbxField(label=_("Target PBX"), help_text=_("Another PBX of the same end user."))


class DidTransfer(TicketType):
    code = "did_transfer"
    title = _("Move numbers to another PBX")
    topic = "CLASSOUND"
    icon = "phone"
    description = _("Move numbers and ranges between PBXs of the same end user. They take over the term and expiry date of the target PBX.")
    search_terms = "transfer reassign a DID or phone number"
    expected = _("Usually done within one business day")
    rules = ("GEN-1", "GEN-3", "DID-3", "DID-8", "DID-9", "COM-4")
    fees = ("fee.did_transfer",)
    form = DidTransferForm
    action = _("Move the numbers")

    def subject(self, answers):
        numbers = [grouped(choice.asked) for choice in answers["dids"]]
        return _("Move %(numbers)s to %(pbx)s") % {"numbers": first_of(numbers), "pbx": answers["target_pbx"].name}

    def decide(self, answers, *, book, today):
        findings, choices, target = [], answers.get("dids") or [], answers.get("target_pbx")
        for did, asked in choices:
            findings += rules.can_be_moved_to(did, target, field="dids")
            findings += rules.whole_range(did, asked, book=book, field="dids")
            findings += rules.not_detached_under_commitment(did, today=today, field="dids")
        if target:
            findings += rules.takes_over_term([did for did, _asked in choices], target, today=today, field="target_pbx")
            findings += stays_until_its_end(target, today=today, field="target_pbx")
        charged, charge = fee("fee.did_transfer", _("Number transfer"), payer=answers.partner, book=book)
        return Verdict((*findings, charged), (charge,))

    def apply(self, ticket, answers, *, book, today):
        target, moved = answers["target_pbx"], [did for did, _asked in answers["dids"]]
        move_dids(moved, target)
        note = _("Moved to %(pbx)s: %(numbers)s.")
        return done(note % {"pbx": target.name, "numbers": ", ".join(grouped(did.number) for did in moved)})
