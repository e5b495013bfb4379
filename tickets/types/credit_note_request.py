"""Ask for a credit note – FAQ: "What is the maximum dispute period?", "Paid services" (BIL-1 to BIL-3)."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing import rules
from billing.services import issue_credit_note
from policies.verdict import UNJUSTIFIED, Verdict
from tickets.base import TicketForm, TicketType, done
from tickets.fees import credit, fee
from tickets.fields import InvoiceField, InvoiceLinesField, ProseField
from web.number_fields import AmountField, WholeNumberField

FEE = "fee.credit_note_unjustified"


class DisputedLineForm(forms.Form):
    line = WholeNumberField(label=_("Line"), min_value=0, max_value=2**31 - 1)  # the range that imports accept
    amount = AmountField(label=_("Amount to credit"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2)


class CreditNoteRequestForm(TicketForm):
    invoice = InvoiceField(label=_("Invoice"))
    lines = InvoiceLinesField(
        DisputedLineForm,
        of="invoice",
        label=_("Lines in dispute"),
        help_text=_("Tick the lines that are wrong. You can also dispute part of an amount."),
    )
    justification = ProseField(label=_("Why they are wrong"), max_length=4000, rows=5)

    def clean(self):
        given = super().clean()
        if given.get("invoice") and given.get("lines"):
            known = {line.line for line in given["invoice"].lines.all()}
            asked = [row["line"] for row in given["lines"]]
            if unknown := sorted(set(asked) - known):
                self.add_error("lines", ValidationError(_("The invoice has no line %(line)s."), params={"line": unknown[0]}))
            elif len(set(asked)) < len(asked):
                self.add_error("lines", _("Enter each line only once."))
        return given


class CreditNoteRequest(TicketType):
    code = "credit_note_request"
    title = _("Dispute an invoice")
    topic = "Billing"
    icon = "receipt"
    description = _("Ask for a credit note for lines of an invoice. A person reviews your justification and decides.")
    search_terms = "wrong error overcharged double charged twice complain complaint credit note billing"
    expected = _("Decided within three business days")
    rules = ("GEN-1", "GEN-3", "BIL-1", "BIL-2", "BIL-3")
    fees = (FEE,)
    form = CreditNoteRequestForm
    action = _("Issue the credit note")
    price_note = _("Free; %(price)s if rejected for lack of justification")

    def subject(self, answers):
        return _("Credit note for invoice %(number)s") % {"number": answers["invoice"].number}

    def decide(self, answers, *, book, today):
        invoice, partner = answers.get("invoice"), answers.partner
        findings = [*rules.is_judged_by_a_person(field="justification")]
        credits = []
        if invoice:
            findings += rules.can_still_be_disputed(invoice, book=book, field="invoice")
        for line, amount in _disputed(answers):
            findings += rules.not_more_than_uncredited(line, amount, currency=invoice.currency, field="lines")
            findings += rules.support_is_due_for_a_year(line, amount, field="lines")
            title = _("Credit for line %(line)s of %(invoice)s") % {"line": line.line, "invoice": invoice.number}
            credits.append(credit(f"credit.invoice:{line.line}", title, amount, to=partner, currency=invoice.currency))
        title = _("Rejection for lack of justification")
        charged, charge = fee(FEE, title, payer=partner, book=book, moment=UNJUSTIFIED)
        return Verdict((*findings, charged), (charge,), tuple(credits))

    def apply(self, ticket, answers, *, book, today):
        note = issue_credit_note(answers["invoice"], _disputed(answers), number=f"CN-{ticket.pk}", source=ticket.source, today=today)
        return done(_("Credit note %(number)s has been issued.") % {"number": note.number})


def _disputed(answers):
    """Return [(InvoiceLine, amount)] for the rows filled in so far."""
    lines = {line.line: line for line in answers["invoice"].lines.all()} if answers.get("invoice") else {}
    return [(lines[row["line"]], row["amount"]) for row in answers.get("lines") or () if row["line"] in lines]
