"""The admin site of Careline, in place of Django's default one."""

from django.contrib.admin.apps import AdminConfig


class CarelineAdminConfig(AdminConfig):
    """The policy desk for administrators, at /admin/."""

    default_site = "config.admin_site.CarelineAdmin"

    def ready(self):
        """Take away what libraries register: roles take the place of groups, and sign-in data is nobody's to edit."""
        super().ready()
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from django.contrib import admin
        from django.contrib.auth.models import Group

        for model in (EmailAddress, Authenticator, Group):
            if admin.site.is_registered(model):
                admin.site.unregister(model)
