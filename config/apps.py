"""Careline's admin site, in place of Django's default one."""

from django.contrib.admin.apps import AdminConfig


class CarelineAdminConfig(AdminConfig):
    """The administration, at /admin/."""

    default_site = "config.admin_site.CarelineAdmin"

    def ready(self):
        """Name the apps for administrators; unregister models of libraries: roles replace groups, and sign-in data is private."""
        super().ready()
        from django.apps import apps

        from config.admin_site import APPS

        for label, name in APPS.items():
            apps.get_app_config(label).verbose_name = name
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from django.contrib import admin
        from django.contrib.auth.models import Group

        for model in (EmailAddress, Authenticator, Group):
            if admin.site.is_registered(model):
                admin.site.unregister(model)
