"""Incoming e-mails in the admin site, to find out what became of one."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from inbound.models import InboundMail
from web.admin_tables import ReadOnlyAdmin


@admin.register(InboundMail)
class InboundMailAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "sender", "subject", "outcome", "ticket")
    list_filter = ("outcome",)
    list_select_related = ("ticket",)
    search_fields = ("sender__startswith",)
    search_help_text = _("The beginning of the sender’s address")
