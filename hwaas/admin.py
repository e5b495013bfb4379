"""Admin site: items, devices, orders and RMAs. The prices and stock of items are maintained here."""

from django import forms
from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from hwaas.models import Device, Item, Order, Rma
from hwaas.services import set_billing_start
from web.admin_tables import ReadOnlyAdmin, TableAdmin
from web.number_fields import OVERRIDES, AmountField
from web.seen_form import SeenForm

SHOWN = ("serial", "item", "pbx", "ownership", "state", "ordered_on", "shipped_on", "warranty_document")


@admin.register(Item)
class ItemAdmin(TableAdmin):
    list_display = ("code", "name", "capex_price", "hwaas_monthly_price", "stock")
    search_fields = ("code__startswith",)
    search_help_text = _("The beginning of an item code")
    formfield_overrides = OVERRIDES | {models.DecimalField: {"form_class": AmountField, "min_value": 0}}
    helps = {
        "capex_price": _("The same figure in every currency. It has no effective date: it applies to requests as soon as it is saved."),
        "hwaas_monthly_price": _("The same figure in every currency. It also applies as soon as it is saved."),
        "stock": _("New devices that can be sent now."),
    }

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()


class BillingStartForm(SeenForm):
    """A different billing start for a device, always with a reason (HW-6)."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("Recorded with your name and the time."))

    class Meta:
        model = Device
        fields = ("billing_starts_on",)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if "billing_starts_on" in self.fields:
            self.fields["billing_starts_on"].required = True

    def clean_billing_starts_on(self):
        day, ordered = self.cleaned_data["billing_starts_on"], self.instance.ordered_on
        if day == self.initial["billing_starts_on"]:
            raise forms.ValidationError(_("This is already the billing start."))
        if ordered and day < ordered:
            raise forms.ValidationError(_("The day must not be before the device was ordered (%(day)s)."), params={"day": ordered})
        return day


@admin.register(Device)
class DeviceAdmin(TableAdmin):
    """Devices come from the estate import and executed tickets; only the HWaaS billing start can be set here (HW-6)."""

    form = BillingStartForm
    fields = (*SHOWN, "billing_starts_on", "reason", "history")
    list_display = ("serial", "item", "pbx", "ownership", "state", "ordered_on", "shipped_on", "billing_starts_on")
    list_filter = ("ownership", "state")
    list_select_related = ("item", "pbx")
    readonly_fields = (*SHOWN, "history")
    search_fields = ("serial__startswith",)
    search_help_text = _("The beginning of a serial number")
    ordering = ("-pk",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.ownership == Device.Ownership.SERVICE)

    def get_fields(self, request, obj=None):
        return self.fields if self.has_change_permission(request, obj) else (*SHOWN, "billing_starts_on", "history")

    @admin.display(description=_("Changes by staff"))
    def history(self, device):
        """Return the history of changes: day, author, date and reason, latest first."""
        rows = device.billing_starts.select_related("set_by")
        text = _("Changed from %(before)s to %(day)s by %(name)s on %(at)s: %(reason)s")
        return format_html_join(
            "",
            "<p>{}</p>",
            (
                (text % {"day": r.starts_on, "before": r.previous or "–", "name": r.set_by, "at": r.set_at.date(), "reason": r.reason},)
                for r in rows
            ),
        ) or _("none")

    def save_model(self, request, obj, form, change):
        device = Device.objects.select_for_update(no_key=True).get(pk=obj.pk)
        reason = form.cleaned_data["reason"]
        set_billing_start(device, form.cleaned_data["billing_starts_on"], reason=reason, by=request.user, at=timezone.now())


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
