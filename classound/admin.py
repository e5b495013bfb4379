"""Numbers and porting changes in the admin site; calls are too many to be listed there."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from classound.models import Did, PortingChange
from partners.admin_tables import ReadOnlyAdmin


@admin.register(Did)
class DidAdmin(ReadOnlyAdmin):
    list_display = ("number", "pbx", "kind", "country", "status", "activated_on", "porting_date", "porting_confirmed")
    list_filter = ("kind", "status", "porting_confirmed")
    list_select_related = ("pbx",)
    search_fields = ("number__startswith",)
    search_help_text = _("The beginning of a number, with + and country code")


@admin.register(PortingChange)
class PortingChangeAdmin(ReadOnlyAdmin):
    list_display = ("did", "previous_date", "requested_date", "sent_on", "outcome", "confirmed_date", "source")
    list_filter = ("outcome",)
    list_select_related = ("did",)
    search_fields = ("did__number__startswith",)
    search_help_text = _("The beginning of a number, with + and country code")
