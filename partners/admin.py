"""Partners, their companies and the people who sign in, in the admin site."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners import door_log, sessions, team
from partners.models import EndUser, Partner, Reseller, User
from web.admin_tables import CodeFilter, ReadOnlyAdmin, TableAdmin


class UserForm(forms.ModelForm):
    """A contact or a member of staff; the password is the person's own business."""

    class Meta:
        model = User
        fields = ("email", "full_name", "role", "partner", "label", "is_active")

    editor = None  # who is at work

    def clean_email(self):
        return self.cleaned_data["email"].strip().lower()

    def clean(self):
        given = super().clean()
        role, partner = given.get("role"), given.get("partner")
        if role == User.Role.CONTACT and not partner and "partner" not in self.errors:
            self.add_error("partner", _("A contact belongs to a partner."))
        if role and role != User.Role.CONTACT and partner:
            self.add_error("partner", _("Staff belong to no partner."))
        if self.instance.pk and self.instance.pk == self.editor.pk and (role != User.Role.ADMIN or not given.get("is_active")):
            self.add_error(None, _("You cannot take the administration away from yourself."))
        return given


class SignedInFilter(admin.SimpleListFilter):
    """Who was let in and has not come yet, as after an import, and who has."""

    title, parameter_name = _("signed in"), "signed_in"

    def lookups(self, request, model_admin):
        return (("never", _("Never")), ("once", _("At least once")))

    def queryset(self, request, queryset):
        return queryset.filter(last_login__isnull=self.value() == "never") if self.value() else queryset


@admin.register(User)
class UserAdmin(TableAdmin):
    """People are added and deactivated here, never deleted: tickets and decisions name them."""

    form = UserForm
    list_display = ("email", "full_name", "role", "partner", "is_active")
    list_filter = ("role", "is_active", SignedInFilter)
    actions = ("send_links", "sign_out")
    list_select_related = ("partner",)
    search_fields = ("email__startswith",)
    search_help_text = _("The beginning of an e-mail address")
    autocomplete_fields = ("partner",)
    helps = {
        "role": _(
            "A contact sees what is their partner’s. An agent works all requests, a team lead also sets rules aside and manages the team, "
            "an administrator also tunes the policies and lets people in."
        ),
        "partner": _("Only for a contact: type the beginning of the partner’s code."),
        "label": _("Sorts the contacts of a partner; it grants nothing."),
        "is_active": _("Whoever may sign in no more is signed out at once, and their API tokens end."),
    }

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)  # a class made for this request
        form.editor = request.user
        return form

    def lookup_allowed(self, lookup, value, request):
        # By its beginnings a hash could be read letter by letter.
        return lookup.partition("__")[0] != "password" and super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term.lower())

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            self._access_changed(request, obj)
        if obj.is_active and (not change or "is_active" in form.changed_data):
            team.mail_link(obj)
            messages.info(request, _("A link to set the password is mailed to %(address)s.") % {"address": obj.email})

    @admin.action(description=_("Send a link to set the password"), permissions=["change"])
    def send_links(self, request, queryset):
        """Mail those of the chosen who may sign in and never have: an import mails nobody."""
        chosen, waiting = queryset.count(), list(queryset.filter(is_active=True, last_login=None).select_related("partner"))
        for person in waiting:
            with transaction.atomic():
                team.first_link(person, actor=request.user, at=timezone.now())
        if waiting:
            told = ngettext("A link is mailed to %(n)d person.", "A link is mailed to %(n)d people.", len(waiting)) % {"n": len(waiting)}
            messages.success(request, told)
        if others := chosen - len(waiting):
            messages.warning(request, _("Left out, having signed in before or having no access: %(n)d.") % {"n": others})

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out(self, request, queryset):
        """End all sessions of the chosen, but for the one in which this is asked; their tokens of the API go on."""
        ended = 0
        for person in queryset:
            if sessions.end(person, but=request.session.session_key):
                door_log.tell(f"signed out by user {request.user.pk}", request, person)
                ended += 1
        if not ended:
            messages.info(request, _("Nobody of them was signed in anywhere."))
            return
        told = ngettext("%(n)d person is signed out everywhere.", "%(n)d people are signed out everywhere.", ended) % {"n": ended}
        messages.success(request, _("%(told)s API tokens go on, and whoever has access can sign in again.") % {"told": told})

    def _access_changed(self, request, person):
        """What has been opened with the account ends with its access, and the partner reads who did it (ORG-2)."""
        if not person.is_active:
            team.shut_out(person, at=timezone.now())
        if person.partner:
            team.note_access(person, person.partner, actor=request.user, at=timezone.now())


@admin.register(Partner)
class PartnerAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "country", "region", "currency_code", "timezone")
    list_filter = ("region", ("currency", CodeFilter))
    search_fields = ("code__startswith",)
    search_help_text = _("The beginning of a partner code")


@admin.register(Reseller)
class ResellerAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "partner")
    list_select_related = ("partner",)
    search_fields = ("code__startswith",)
    search_help_text = _("The beginning of a reseller code")


@admin.register(EndUser)
class EndUserAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "partner", "reseller", "country")
    list_select_related = ("partner", "reseller")
    search_fields = ("code__startswith",)
    search_help_text = _("The beginning of an end user code")
