"""Fields that name invoices."""

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
        return Candidate(invoice.number, invoice.number, _("issued on %(date)s") % {"date": invoice.issued_on}, invoice)
