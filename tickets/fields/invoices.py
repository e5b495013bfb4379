"""Fields for invoices and their lines."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.amounts import format_amount
from billing.models import Invoice, InvoiceLine
from policies.wording import day_in_full
from tickets.fields.base import Candidate, OneOf, plausible_values
from tickets.fields.rows import RowsField, RowsWidget


class InvoiceField(OneOf):
    """An invoice of the partner, by its number, with its lines."""

    key, also = "number", ("number",)
    first = ("-issued_on",)  # recent invoices are disputed most often
    facts = ("lines__credits",)
    nothing = gettext_lazy("You have no invoices yet.")
    unknown = gettext_lazy("%(value)s is not the number of one of your invoices.")

    @classmethod
    def queryset(cls):
        return Invoice.objects.all()

    def candidate(self, invoice):
        return Candidate(invoice.number, invoice.number, self._detail(invoice), invoice)

    @staticmethod
    def _detail(invoice):
        """Return the issue date, the total and the number of lines; the lines are listed once the invoice is chosen."""
        lines = invoice.lines.all()
        return _("issued on %(date)s · %(total)s %(currency)s · %(lines)s") % {
            "date": day_in_full(invoice.issued_on),
            "total": f"{sum(line.amount for line in lines):,.2f}",
            "currency": invoice.currency,
            "lines": ngettext("%(n)s line", "%(n)s lines", len(lines)) % {"n": len(lines)},
        }


class InvoiceLinesWidget(RowsWidget):
    """The lines of the `invoice` chosen in the field `of`, each with a checkbox and an amount.

    NAME-of is the invoice whose lines were listed: lines of another invoice are ignored. `look`: the page also lists them without scripts.
    """

    template_name = "tickets/fields/invoice_lines.html"
    of, invoice, look = "", None, False

    def value_from_datadict(self, data, files, name):
        listed = data.get(f"{name}-of")
        return super().value_from_datadict(data, files, name) if listed in (None, data.get(self.of)) else []

    def counts(self, row):
        return bool(row.get("line", "").strip())

    def listed(self, name, value):
        """Return what the page shows: all lines of the invoice, ticked or not."""
        return {"invoice": self.invoice, "look": self.look, "lines": self._lines(name, value) if self.invoice else []}

    def _lines(self, name, value):
        """Return [{line, left, row: the line's form, checked}] for the invoice; submitted values are kept as submitted."""
        sent = {str(row.data.get("line")): row for row in self.bound_rows}
        given = {str(row.get("line")): row for row in self.format_value(value) if isinstance(row, dict)}
        listed = []
        for at, line in enumerate(sorted(self.invoice.lines.all(), key=lambda line: line.line)):
            prefix, number, left = f"{name}-{at}", str(line.line), line.uncredited
            initial = {"amount": left} | given.get(number, {})
            fresh = self.row_form(initial=initial, prefix=prefix, use_required_attribute=False)
            row = self.sent_again(sent[number], prefix) if number in sent else fresh
            listed.append({"line": line, "left": left, "row": row, "checked": number in sent or number in given})
        return listed


class InvoiceLinesField(RowsField):
    """Lines of the invoice chosen in the field `of`, each with the inputs of `row_form`; a line is identified by its number."""

    in_order = False
    none = gettext_lazy("Tick at least one line of the invoice.")

    def __init__(self, row_form, *, of, **kwargs):
        super().__init__(row_form, **kwargs)
        self.widget = InvoiceLinesWidget(row_form)
        self.widget.of = self.of = of

    def list_lines(self, form, chosen):
        """Make the page list the lines of the chosen invoice if it is the partner's. One query for the invoice, two for its lines."""
        self.widget.invoice = next(iter(form.fields[self.of].named(plausible_values(chosen))), None) if any(chosen) else None

    def titles(self, rows, invoice, partner):
        """Return {line number: (description, currency)} for these lines of the invoice with this number, if it is the partner's.

        One query.
        """
        lines = InvoiceLine.objects.of_partner(partner).filter(invoice__number=invoice, line__in=[row["line"] for row in rows])
        return {number: (text, currency) for number, text, currency in lines.values_list("line", "description", "invoice__currency")}

    def described(self, rows, titles):
        """Return the rows as shown among the answers: each line with its number and description, amounts formatted as money."""
        return [row | self._described(Decimal(row["amount"]), row["line"], *titles.get(row["line"], ("", ""))) for row in rows]

    @staticmethod
    def _described(amount, number, text, currency):
        return {"line": f"{number}. {text}" if text else number, "amount": format_amount(amount, currency).strip()}

    def place(self, form, number, count):
        line = form.data.get("line")
        return _("Line %(number)s") % {"number": line} if line else ""
