"""PBXs, licences and Commitments in the admin site."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partners.admin_tables import ReadOnlyAdmin
from pbx.models import Commitment, Licence, Pbx


@admin.register(Pbx)
class PbxAdmin(ReadOnlyAdmin):
    list_display = ("serial", "name", "end_user", "product", "term", "expires_on", "wms_version", "wms_role")
    list_filter = ("product", "term", "wms_role", "read_only")
    list_select_related = ("end_user",)
    search_fields = ("serial__startswith",)
    search_help_text = _("The beginning of a serial number")


@admin.register(Licence)
class LicenceAdmin(ReadOnlyAdmin):
    list_display = ("pbx", "licence_type", "quantity", "monthly_price", "activated_on")
    list_filter = ("licence_type",)
    list_select_related = ("pbx",)
    search_fields = ("pbx__serial__startswith",)
    search_help_text = _("The beginning of the PBX's serial number")


@admin.register(Commitment)
class CommitmentAdmin(ReadOnlyAdmin):
    list_display = ("pbx", "years", "starts_on", "ends_on")
    list_filter = ("years",)
    list_select_related = ("pbx",)
    search_fields = ("pbx__serial__startswith",)
    search_help_text = _("The beginning of the PBX's serial number")
