"""Pages of an app's own in the admin site, where Django's lists and forms do not say enough."""

from django.contrib import admin
from django.template.response import TemplateResponse


class PagesAdmin(admin.ModelAdmin):
    """Rows with pages of their own, which are templates in admin/<folder>/; nothing is added, changed or deleted but by these."""

    folder = ""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def page(self, request, name, status=200, **context):
        """The page admin/<folder>/<name>.html."""
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, f"admin/{self.folder}/{name}.html", context, status=status)
