"""Fields that name invoices."""

from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from policies.wording import day_in_full
from tickets.fields.base import Candidate, OneOf

LINES = 6  # that a row of the picker names


class InvoiceField(OneOf):
    """An invoice of the partner by its number, with its lines."""

    key, also = "number", "number"
    facts = ("lines__credits",)
    nothing = _("There are no invoices yet.")
    unknown = _("%(value)s is not the number of one of your invoices.")

    @classmethod
    def queryset(cls):
        return Invoice.objects.all()

    def candidate(self, invoice):
        return Candidate(invoice.number, invoice.number, self._detail(invoice), invoice)

    @staticmethod
    def _detail(invoice):
        """When it was issued, its total, and its first lines with their numbers, by which they are disputed."""
        lines = sorted(invoice.lines.all(), key=lambda line: line.line)
        told = [f"{line.line}: {line.description}, {line.amount:,.2f}" for line in lines[:LINES]]
        more = [_("and %(count)s more") % {"count": len(lines) - LINES}] if len(lines) > LINES else []
        issued = _("issued on %(date)s · %(total)s %(currency)s") % {
            "date": day_in_full(invoice.issued_on),
            "total": f"{sum(line.amount for line in lines):,.2f}",
            "currency": invoice.currency,
        }
        return "\n".join(map(str, (issued, *told, *more)))
