"""Admin site: numbers, emergency addresses, porting changes and special numbers. There are too many calls to list."""

from django.contrib import admin, messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from classound.models import Did, EmergencyLocation, PortingChange, SpecialNumber
from classound.services import port_out
from web.admin_tables import ReadOnlyAdmin


@admin.register(Did)
class DidAdmin(ReadOnlyAdmin):
    list_display = ("number", "pbx", "kind", "country", "status", "activated_on", "ported_out_on", "porting_date", "porting_confirmed")
    list_filter = ("kind", "status", "porting_confirmed")
    list_select_related = ("pbx",)
    search_fields = ("number__startswith",)
    search_help_text = _("The beginning of a number, with + and country code")
    actions = ["ported_out"]

    @admin.action(description=_("Ported out without a request: outgoing calls only (DID-4)"))
    def ported_out(self, request, queryset):
        """Record that these numbers were ported away according to the carrier, without a request to cancel them."""
        today = timezone.now().date()
        with transaction.atomic():
            chosen = queryset.select_related(None).select_for_update(no_key=True, of=("self",)).order_by("pk")
            changed = [did for did in chosen if port_out(did, today)]
            for did in changed:
                self.log_change(request, did, gettext("Ported out without a request: outgoing calls only (DID-4)."))
        done = ngettext("%d number now allows outgoing calls only.", "%d numbers now allow outgoing calls only.", len(changed))
        self.message_user(request, done % len(changed), messages.SUCCESS if changed else messages.WARNING)


@admin.register(EmergencyLocation)
class EmergencyLocationAdmin(ReadOnlyAdmin):
    list_display = ("number", "user_name", "city", "country", "status", "reason", "decided_on", "source")
    list_filter = ("status",)
    search_fields = ("number__startswith",)
    search_help_text = _("The beginning of a number, with + and country code")


@admin.register(SpecialNumber)
class SpecialNumberAdmin(ReadOnlyAdmin):
    list_display = ("number", "pbx", "decision", "reason", "decided_on", "source")
    list_filter = ("decision",)
    list_select_related = ("pbx",)
    search_fields = ("number__startswith", "pbx__serial__startswith")
    search_help_text = _("The beginning of a special number or of a PBX’s serial number")


@admin.register(PortingChange)
class PortingChangeAdmin(ReadOnlyAdmin):
    list_display = ("did", "previous_date", "requested_date", "sent_on", "outcome", "confirmed_date", "source")
    list_filter = ("outcome",)
    list_select_related = ("did",)
    search_fields = ("did__number__startswith",)
    search_help_text = _("The beginning of a number, with + and country code")
