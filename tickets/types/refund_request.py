"""Ask for a refund – FAQ: "How to get funds back in case of mistaken activation of any licenses?" (GEN-4, LIC-2, ORD-3, HW-11)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import rules
from policies.verdict import Verdict
from tickets.base import QuestionType, TicketForm

KINDS = (
    ("licence", _("Licences")),
    ("hardware", _("Hardware")),
    ("order", _("An order")),
    ("demo", _("Licences for a demonstration")),
)


class RefundRequestForm(TicketForm):
    subject_kind = forms.ChoiceField(label=_("What should be refunded"), choices=KINDS, widget=forms.RadioSelect)
    reference = forms.CharField(label=_("Which one"), max_length=100, help_text=_("A serial number, an order or an invoice."))


class RefundRequest(QuestionType):
    code = "refund_request"
    title = _("Ask for a refund")
    topic = "Billing"
    icon = "undo"
    description = _("Purchases are final. Say what it is about, and you read at once what is possible instead.")
    called = "money back reimburse reimbursement"
    expected = _("Answered at once")
    rules = ("GEN-1", "GEN-4", "LIC-2", "ORD-3", "HW-11")
    form = RefundRequestForm
    instead = True

    def subject(self, answers):
        return _("Refund of %(reference)s") % {"reference": answers["reference"]}

    def decide(self, answers, *, book, today):
        kind = answers.get("subject_kind")
        return Verdict(tuple(rules.purchases_are_final(kind, field="subject_kind")) if kind else ())
