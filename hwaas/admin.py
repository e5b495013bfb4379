"""Items, devices, orders and RMAs in the admin site; the prices and the stock of items are kept here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from hwaas.models import Device, Item, Order, Rma
from partners.admin_tables import ReadOnlyAdmin, TableAdmin


@admin.register(Item)
class ItemAdmin(TableAdmin):
    list_display = ("code", "name", "capex_price", "hwaas_monthly_price", "stock")
    search_fields = ("code__startswith",)
    search_help_text = _("The beginning of an item code")

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    list_display = ("serial", "item", "pbx", "ownership", "state", "ordered_on", "shipped_on", "billing_starts_on")
    list_filter = ("ownership", "state")
    list_select_related = ("item", "pbx")
    search_fields = ("serial__startswith",)
    search_help_text = _("The beginning of a serial number")


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ("number", "partner", "country", "placed_on", "dispatched_on", "carrier", "tracking_number")
    list_select_related = ("partner",)
    search_fields = ("number__startswith",)
    search_help_text = _("The beginning of an order number")


@admin.register(Rma)
class RmaAdmin(ReadOnlyAdmin):
    list_display = ("device", "kind", "state", "wants", "source")
    list_filter = ("state", "kind")
    list_select_related = ("device",)
    search_fields = ("device__serial__startswith",)
    search_help_text = _("The beginning of a serial number")
