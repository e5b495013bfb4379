"""Custom pages in the admin site, for where Django's lists and forms are not enough."""

from django.contrib import admin
from django.template.response import TemplateResponse


class PagesAdmin(admin.ModelAdmin):
    """A model with custom pages (templates in admin/<folder>/), which are the only way to add, change or delete its rows."""

    folder = ""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def page(self, request, name, status=200, **context):
        """Return the page admin/<folder>/<name>.html."""
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, f"admin/{self.folder}/{name}.html", context, status=status)
