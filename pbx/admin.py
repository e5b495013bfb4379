"""Admin site: PBXs, licences and Commitments. Manual changes are checked against the rules, see `pbx.admin_forms`."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pbx.admin_forms import CommitmentForm, ConsoleReportForm, LicenceForm
from pbx.models import Commitment, ConsoleReport, Licence, Pbx, PbxMove
from pbx.services import lock_customers
from web.admin_tables import ReadOnlyAdmin, TableAdmin


@admin.register(Pbx)
class PbxAdmin(ReadOnlyAdmin):
    list_display = ("serial", "name", "end_user", "product", "term", "expires_on", "wms_version", "wms_role")
    list_filter = ("product", "term", "wms_role", "read_only")
    list_select_related = ("end_user",)
    search_fields = ("serial__startswith",)
    search_names = ("name",)
    search_help_text = _("The beginning of a serial number, or words of the name")


class RuledAdmin(TableAdmin):
    """Rows with one editable field. The form applies the rules at the time of the change, with locked rows."""

    ordering = ("-pk",)
    list_select_related = ("pbx",)
    search_fields = ("pbx__serial__startswith",)
    search_help_text = _("The beginning of the PBX's serial number")

    def has_add_permission(self, request):
        return False

    def lock_row(self, row):
        lock_customers(row.pbx.end_user_id)
        Pbx.objects.select_for_update(no_key=True).get(pk=row.pbx_id)
        super().lock_row(row)

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.at = timezone.now()
        return form


@admin.register(Licence)
class LicenceAdmin(RuledAdmin):
    form = LicenceForm
    list_display = ("pbx", "licence_type", "quantity", "monthly_price", "activated_on")
    list_filter = ("licence_type",)
    fields = ("pbx", "licence_type", "quantity", "webinar_is_ended", "monthly_price", "activated_on", "runs_until")
    readonly_fields = ("pbx", "licence_type", "monthly_price", "activated_on", "runs_until")

    def get_fields(self, request, obj=None):
        is_webinar = obj and obj.licence_type == Licence.Type.WIZYWEBINAR
        return [name for name in self.fields if is_webinar or name != "webinar_is_ended"]

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": self.get_fields(request, obj), "description": _("Licences cannot be moved to another PBX (LIC-1).")})]

    @admin.display(description=_("Valid until (same as its PBX, DID-9)"))
    def runs_until(self, licence):
        """Return the expiry, or the term, that a licence shares with its PBX."""
        return licence.pbx.expires_on or licence.pbx.get_term_display()


@admin.register(Commitment)
class CommitmentAdmin(RuledAdmin):
    form = CommitmentForm
    list_display = ("pbx", "years", "starts_on", "ends_on", "renews")
    list_filter = ("years", "renews")
    fields = ("pbx", "years", "starts_on", "ends_on", "renews")
    readonly_fields = ("pbx", "years", "starts_on", "ends_on")


@admin.register(ConsoleReport)
class ConsoleReportAdmin(TableAdmin):
    """Console reports are entered here if no import provides them; their content is never rejected by rules."""

    form = ConsoleReportForm
    ordering = ("-pk",)
    list_display = ("pbx", "registered_users", "wms_role", "wms_server", "reported_at")
    list_filter = ("wms_role",)
    list_select_related = ("pbx",)
    search_fields = ("pbx__serial__startswith",)
    search_help_text = _("The beginning of the PBX's serial number")
    autocomplete_fields = ("pbx",)

    def get_changeform_initial_data(self, request):
        return {"reported_at": timezone.now()} | super().get_changeform_initial_data(request)


@admin.register(PbxMove)
class PbxMoveAdmin(ReadOnlyAdmin):
    list_display = ("pbx", "from_end_user", "to_end_user", "moved_by", "moved_at")
    list_select_related = ("pbx", "from_end_user", "to_end_user", "moved_by")
    search_fields = ("pbx__serial__startswith",)
    search_help_text = _("The beginning of the PBX's serial number")
