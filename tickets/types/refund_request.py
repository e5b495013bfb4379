"""Request a refund – FAQ: "How to get funds back in case of mistaken activation of any licenses?" (GEN-4, LIC-2, ORD-3, HW-11)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import rules
from policies.verdict import Verdict
from tickets.base import QuestionType, TicketForm

KINDS = (
    ("licence", _("Licences")),
    ("hardware", _("Hardware")),
    ("order", _("An order")),
    ("demo", _("Demo licences")),
)


class RefundRequestForm(TicketForm):
    subject_kind = forms.ChoiceField(label=_("What should be refunded?"), choices=KINDS, widget=forms.RadioSelect)
    reference = forms.CharField(label=_("Reference"), max_length=100, help_text=_("A serial number, order number or invoice number."))


class RefundRequest(QuestionType):
    code = "refund_request"
    title = _("Request a refund")
    topic = "Billing"
    icon = "undo"
    description = _("Purchases are final. Tell us what it is about and we show you immediately what is possible instead.")
    search_terms = "money back reimburse reimbursement"
    expected = _("Answered immediately")
    rules = ("GEN-1", "GEN-4", "LIC-2", "ORD-3", "HW-11")
    form = RefundRequestForm
    always_denied = True

    def subject(self, answers):
        return _("Refund of %(reference)s") % {"reference": answers["reference"]}

    def decide(self, answers, *, book, today):
        kind = answers.get("subject_kind")
        return Verdict(tuple(rules.purchases_are_final(kind, field="subject_kind")) if kind else ())
