"""Get the migration code of a DID – FAQ: "How to get DID Migration code?" (DID-13)."""

from django.utils.translation import gettext_lazy as _

from classound import rules
from classound.numbers import grouped
from policies.verdict import Verdict
from tickets.base import QuestionType, TicketForm, answered
from tickets.fields import DidField


class DidMigrationCodeForm(TicketForm):
    did = DidField(label=_("Number"), help_text=_("You can also find its code on the invoice and in your list of numbers."))


class DidMigrationCode(QuestionType):
    code = "did_migration_code"
    title = _("Get a migration code")
    topic = "CLASSOUND"
    icon = "hash"
    description = _("The code another provider needs to take over one of your numbers. We answer immediately if we have it.")
    search_terms = "port out DID leave provider"
    expected = _("Immediately if we have the code, otherwise within one business day")
    expected_by_hand = _("Answered within one business day")
    rules = ("GEN-1", "DID-13")
    form = DidMigrationCodeForm

    def subject(self, answers):
        return _("Migration code of %(did)s") % {"did": grouped(answers["did"].asked)}

    def decide(self, answers, *, book, today):
        choice = answers.get("did")
        return Verdict(tuple(rules.migration_code_is_known(choice.did, field="did")) if choice else ())

    def after_submission(self, ticket, answers, *, at):
        # The field is bound to the requesting partner and finds only its own numbers, so this is never another partner's code.
        did = answers["did"].did
        if not did.migration_code:
            return None
        return answered(_("The migration code of %(did)s is %(code)s.") % {"did": grouped(did.number), "code": did.migration_code})
