"""Invoices and the ledger in the admin site: to look at only, the ledger above all."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, LedgerEntry
from partners.admin_tables import ReadOnlyAdmin


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ("number", "partner", "issued_on", "due_on", "currency")
    list_filter = ("currency",)
    list_select_related = ("partner",)
    search_fields = ("number__startswith",)
    search_help_text = _("The beginning of an invoice number")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """A mistake in the ledger is mended by a reversal, which the desk posts."""

    list_display = ("created_at", "partner", "kind", "fee", "amount", "currency", "source")
    list_filter = ("kind", "currency")
    list_select_related = ("partner",)
    search_fields = ("source__startswith",)
    search_help_text = _("The beginning of a cause, for example ticket:123")
