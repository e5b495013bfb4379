"""Webhooks in the admin site, to find out why a partner's system is not called."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from web.admin_tables import ReadOnlyAdmin
from webhooks.models import Webhook, WebhookCall


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    list_display = ("url", "partner", "made_at", "failing_since", "next_at", "off_at", "why_off")
    list_select_related = ("partner",)
    search_fields = ("partner__code__startswith",)
    search_help_text = _("The beginning of the partner’s code")


@admin.register(WebhookCall)
class WebhookCallAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "webhook", "event", "attempts", "tried_at", "answer", "sent_at")
    list_select_related = ("webhook", "event")
    search_fields = ("webhook__partner__code__startswith",)
    search_help_text = _("The beginning of the partner’s code")
