"""Admin site: invoices and the ledger, read-only, and the terms and results of the bonus increase, which are maintained here."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.bonus import is_final, post_bonus
from billing.models import BonusTerms, Invoice, LedgerEntry, MonthlyResult
from partners.models import Partner
from policies.models import PolicyValue
from web.admin_tables import CodeFilter, ReadOnlyAdmin, TableAdmin
from web.seen_form import SeenForm


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ("number", "partner", "issued_on", "due_on", "currency_code")
    list_filter = (("currency", CodeFilter),)
    list_select_related = ("partner",)
    search_fields = ("number__startswith",)
    search_help_text = _("The beginning of an invoice number")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """A mistake in the ledger is corrected by a reversal: a team lead reverses the charge on its ticket."""

    list_display = ("created_at", "partner", "kind", "fee", "amount", "currency_code", "cause")
    list_filter = ("kind", ("currency", CodeFilter))
    list_select_related = ("partner",)
    search_fields = ("source__startswith",)
    search_help_text = _("The beginning of a source, for example ticket:123")

    def get_fields(self, request, obj=None):
        return ["cause" if name == "source" else name for name in super().get_fields(request, obj)]

    @admin.display(description=_("source"))
    def cause(self, entry):
        """Return the source, with a link to the ticket, where the charge can be reversed."""
        if entry.ticket_number is None:
            return entry.source
        return format_html('<a href="{}">{}</a>', reverse("desk:ticket", args=[entry.ticket_number]), entry.source)


@admin.register(BonusTerms)
class BonusTermsAdmin(TableAdmin):
    """The terms agreed with a partner (BIL-7). The programme’s dates and the default target and rate are policy values."""

    list_display = ("partner", "target", "rate")
    list_select_related = ("partner",)
    autocomplete_fields = ("partner",)
    search_fields = ("partner__code__startswith",)
    search_help_text = _("The beginning of a partner code")
    helps = {
        "target": _(
            "In the partner’s currency. Leave empty to use the policy value. It also applies to past months: raising it can withdraw "
            "increases that have been credited."
        ),
        "rate": _("0 to 100. Leave empty to use the policy value."),
    }


class MonthlyResultForm(SeenForm):
    class Meta:
        model = MonthlyResult
        fields = ("partner", "month", "result")

    def clean_month(self):
        return self.cleaned_data["month"].replace(day=1)


@admin.register(MonthlyResult)
class MonthlyResultAdmin(TableAdmin):
    """Results are imported or entered here. Those that ledger entries are already based on cannot be changed (BIL-7)."""

    form = MonthlyResultForm
    list_display = ("partner", "month", "result")
    list_select_related = ("partner",)
    autocomplete_fields = ("partner",)
    search_fields = ("partner__code__startswith",)
    search_help_text = _("The beginning of a partner code")
    actions = ["post_now"]
    helps = {"month": _("Any day of the month."), "result": _("The partner’s result, in its own currency.")}

    def lock_row(self, row):
        Partner.objects.select_for_update(no_key=True).get(pk=row.partner_id)  # as posting does, which may be reading this result
        super().lock_row(row)

    def get_readonly_fields(self, request, obj=None):
        return ("partner", "month") if obj else ()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or not is_final(obj))

    @admin.action(description=_("Post the bonus increase of these partners now (BIL-7)"))
    def post_now(self, request, queryset):
        """Run immediately what the worker does every hour."""
        now = timezone.now()
        book = PolicyValue.objects.book(on=now.date())
        partners = set(queryset.values_list("partner", flat=True))
        count = sum(post_bonus(partner_id, book=book, at=now) for partner_id in sorted(partners))
        done = ngettext("%d entry was posted.", "%d entries were posted.", count) % count
        self.message_user(request, done, messages.SUCCESS if count else messages.WARNING)
