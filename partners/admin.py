"""Admin site: partners, resellers, end users and the people who sign in."""

from django.contrib import admin, messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners import sessions, sign_in_log, team
from partners.models import EndUser, Partner, Reseller, User
from web.admin_tables import CodeFilter, ReadOnlyAdmin, TableAdmin
from web.seen_form import SeenForm


class UserForm(SeenForm):
    """A contact or a member of staff. Only the person concerned sets the password."""

    class Meta:
        model = User
        fields = ("email", "full_name", "role", "partner", "label", "is_active")

    editor = None  # the user making the change

    def clean_email(self):
        return self.cleaned_data["email"].strip().lower()

    def clean(self):
        given = super().clean()
        role, partner = given.get("role"), given.get("partner")
        if role == User.Role.CONTACT and not partner and "partner" not in self.errors:
            self.add_error("partner", _("A contact must belong to a partner."))
        if role and role != User.Role.CONTACT and partner:
            self.add_error("partner", _("Staff do not belong to a partner."))
        if self.instance.pk and self.instance.pk == self.editor.pk and (role != User.Role.ADMIN or not given.get("is_active")):
            self.add_error(None, _("You cannot remove your own administrator access."))
        return given


class SignedInFilter(admin.SimpleListFilter):
    """Filter by whether people have ever signed in; after an import, most have not."""

    title, parameter_name = _("signed in"), "signed_in"

    def lookups(self, request, model_admin):
        return (("never", _("Never")), ("once", _("At least once")))

    def queryset(self, request, queryset):
        return queryset.filter(last_login__isnull=self.value() == "never") if self.value() else queryset


@admin.register(User)
class UserAdmin(TableAdmin):
    """People are added and deactivated here, never deleted, because tickets and decisions refer to them."""

    form = UserForm
    list_display = ("email", "full_name", "role", "partner", "is_active")
    list_filter = ("role", "is_active", SignedInFilter)
    actions = ("send_links", "sign_out")
    list_select_related = ("partner",)
    search_fields = ("email__startswith",)
    search_names = ("full_name",)
    search_help_text = _("The beginning of an e-mail address, or words of the name")
    autocomplete_fields = ("partner",)
    helps = {
        "role": _(
            "A contact sees only their partner’s data. An agent works on all tickets, a team lead can also override rules and manage the "
            "team, and an administrator can also edit policy values and manage access."
        ),
        "partner": _("For contacts only. Type the beginning of the partner’s code."),
        "label": _("For sorting a partner’s contacts only; it grants no permissions."),
        "is_active": _("If you clear this, the person is signed out immediately and their API tokens are revoked."),
    }

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)  # a class made for this request
        form.editor = request.user
        return form

    def lookup_allowed(self, lookup, value, request):
        # Prefix lookups would let an administrator read the password hash character by character.
        return lookup.partition("__")[0] != "password" and super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term.lower())

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        is_other = change and obj.is_active != form.initial["is_active"]
        if is_other:
            self._access_changed(request, obj)
        if obj.is_active and (is_other or not change):
            team.mail_link(obj)
            messages.info(request, _("We e-mailed a link to set a password to %(address)s.") % {"address": obj.email})

    @admin.action(description=_("Send a link to set a password"), permissions=["change"])
    def send_links(self, request, queryset):
        """E-mail a link to each selected person who may sign in but never has. An import sends no e-mails."""
        chosen, waiting = queryset.count(), list(queryset.filter(is_active=True, last_login=None).select_related("partner"))
        for person in waiting:
            with transaction.atomic():
                team.first_link(person, actor=request.user, at=timezone.now())
        if waiting:
            text = ngettext("We e-mailed a link to %(n)d person.", "We e-mailed a link to %(n)d people.", len(waiting))
            messages.success(request, text % {"n": len(waiting)})
        if others := chosen - len(waiting):
            messages.warning(request, _("Skipped because they have signed in before or have no access: %(n)d.") % {"n": others})

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out(self, request, queryset):
        """End all sessions of the selected people except the current one. Their API tokens keep working."""
        ended = 0
        for person in queryset:
            if sessions.end(person, but=request.session.session_key):
                sign_in_log.log_event(f"signed out by user {request.user.pk}", request, person)
                ended += 1
        if not ended:
            messages.info(request, _("None of them was signed in."))
            return
        count = ngettext("%(n)d person was signed out everywhere.", "%(n)d people were signed out everywhere.", ended) % {"n": ended}
        messages.success(request, _("%(count)s API tokens still work, and anyone with access can sign in again.") % {"count": count})

    def _access_changed(self, request, person):
        """End everything that was opened with the account along with its access, and record for the partner who did it (ORG-2)."""
        if not person.is_active:
            team.deactivate(person, at=timezone.now())
        if person.partner:
            team.note_access(person, person.partner, actor=request.user, at=timezone.now())


@admin.register(Partner)
class PartnerAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "country", "region", "currency_code", "timezone")
    list_filter = ("region", ("currency", CodeFilter))
    search_fields = ("code__startswith",)
    search_names = ("name",)
    search_help_text = _("The beginning of a partner code, or words of the name")


@admin.register(Reseller)
class ResellerAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "partner")
    list_select_related = ("partner",)
    search_fields = ("code__startswith",)
    search_names = ("name",)
    search_help_text = _("The beginning of a reseller code, or words of the name")


@admin.register(EndUser)
class EndUserAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "partner", "reseller", "country")
    list_select_related = ("partner", "reseller")
    search_fields = ("code__startswith",)
    search_names = ("name",)
    search_help_text = _("The beginning of an end user code, or words of the name")
