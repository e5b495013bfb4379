"""Fields that name invoices."""

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from tickets.fields.base import Candidate, OneOf


class InvoiceField(OneOf):
    """An invoice of the partner by its number, with its lines."""

    key, also = "number", "number"
    unknown = _("%(value)s is not the number of one of your invoices.")

    def queryset(self):
        return Invoice.objects.prefetch_related("lines__credits")

    def candidate(self, invoice):
        return Candidate(invoice.number, invoice.number, self._detail(invoice), invoice)

    @staticmethod
    def _detail(invoice):
        lines = list(invoice.lines.all())
        return _("issued on %(date)s · %(lines)s lines · %(total)s %(currency)s") % {
            "date": date_format(invoice.issued_on, "j F Y"),
            "lines": len(lines),
            "total": f"{sum(line.amount for line in lines):.2f}",
            "currency": invoice.currency,
        }
