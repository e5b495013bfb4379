"""Fields that name invoices and their lines."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.amounts import in_words
from billing.models import Invoice, InvoiceLine
from policies.wording import day_in_full
from tickets.fields.base import Candidate, OneOf, readable
from tickets.fields.rows import RowsField, RowsWidget


class InvoiceField(OneOf):
    """An invoice of the partner by its number, with its lines."""

    key, also = "number", "number"
    first = ("-issued_on",)  # what is wrong is mostly new
    facts = ("lines__credits",)
    nothing = gettext_lazy("There are no invoices yet.")
    unknown = gettext_lazy("%(value)s is not the number of one of your invoices.")

    @classmethod
    def queryset(cls):
        return Invoice.objects.all()

    def candidate(self, invoice):
        return Candidate(invoice.number, invoice.number, self._detail(invoice), invoice)

    @staticmethod
    def _detail(invoice):
        """When it was issued, its total, and of how many lines; these are listed once it is chosen."""
        lines = invoice.lines.all()
        return _("issued on %(date)s · %(total)s %(currency)s · %(lines)s") % {
            "date": day_in_full(invoice.issued_on),
            "total": f"{sum(line.amount for line in lines):,.2f}",
            "currency": invoice.currency,
            "lines": ngettext("%(n)s line", "%(n)s lines", len(lines)) % {"n": len(lines)},
        }


class InvoiceLinesWidget(RowsWidget):
    """The lines of the `invoice` that is chosen in the field `of`, to be ticked where they are listed, each with an amount.

    NAME-of says of which invoice they were listed: those of another one do not count. `look`: its page lists them without scripts, too.
    """

    template_name = "tickets/fields/invoice_lines.html"
    of, invoice, look = "", None, False

    def value_from_datadict(self, data, files, name):
        listed = data.get(f"{name}-of")
        return super().value_from_datadict(data, files, name) if listed in (None, data.get(self.of)) else []

    def counts(self, row):
        return bool(row.get("line", "").strip())

    def listed(self, name, value):
        """What the page shows: all lines of the invoice, whether ticked or not."""
        return {"invoice": self.invoice, "look": self.look, "lines": self._lines(name, value) if self.invoice else []}

    def _lines(self, name, value):
        """[{line, left, row: its small form, checked}] of the invoice; what was sent stands there as it was sent."""
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
    """Lines of the invoice that the field `of` names, each with what `row_form` asks about it; a line is named by its number."""

    in_order = False
    none = gettext_lazy("Tick at least one line of the invoice.")

    def __init__(self, row_form, *, of, **kwargs):
        super().__init__(row_form, **kwargs)
        self.widget = InvoiceLinesWidget(row_form)
        self.widget.of = self.of = of

    def list_lines(self, form, chosen):
        """Have the page list the lines of the invoice that is chosen, if it is the partner's. One query for it, two for its lines."""
        self.widget.invoice = next(iter(form.fields[self.of].named(readable(chosen))), None) if any(chosen) else None

    def titles(self, rows, invoice, partner):
        """What these lines of the invoice of this number are about: {number: (description, currency)}, as far as they are the partner's.

        One query.
        """
        lines = InvoiceLine.objects.of_partner(partner).filter(invoice__number=invoice, line__in=[row["line"] for row in rows])
        return {number: (text, currency) for number, text, currency in lines.values_list("line", "description", "invoice__currency")}

    def described(self, rows, titles):
        """The rows as answers show them: a line by its number and what it is about, sums as money is written."""
        return [row | self._described(Decimal(row["amount"]), row["line"], *titles.get(row["line"], ("", ""))) for row in rows]

    @staticmethod
    def _described(amount, number, text, currency):
        return {"line": f"{number}. {text}" if text else number, "amount": in_words(amount, currency).strip()}

    def place(self, form, number, count):
        line = form.data.get("line")
        return _("Line %(number)s") % {"number": line} if line else ""
