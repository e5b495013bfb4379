"""Change the partner's own record – FAQ, "Company Information Changes": name, address, VAT number, billing e-mail."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from partners.models import Partner
from partners.services import change_company
from policies.verdict import Verdict
from tickets.base import TicketForm, TicketType, done
from tickets.consents import notify_previous_address
from tickets.fields import NamesField
from web.name_fields import NameField

NOUNS = {"name": _("company name"), "address": _("address"), "vat_number": _("VAT number"), "billing_email": _("billing e-mail")}
FIELDS = tuple(NOUNS)


class VatNumberField(forms.RegexField):
    """A VAT number, converted to capitals."""

    def to_python(self, value):
        return super().to_python(value).upper()


class CompanyChangeForm(TicketForm):
    name = NameField(label=_("Company name"), required=False, max_length=200)
    address = NamesField(label=_("Address"), required=False, max_length=500)
    vat_number = VatNumberField(
        label=_("VAT number"),
        required=False,
        max_length=30,
        regex=r"^[A-Z]{2}[A-Z0-9+*. \-]{2,28}$",
        help_text=_("Include the two-letter country code, for example DE123456789."),
        error_messages={"invalid": _("A VAT number begins with its two-letter country code, for example DE123456789.")},
    )
    billing_email = forms.EmailField(label=_("Billing e-mail"), required=False, max_length=254)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in FIELDS:
            if self.partner and (present := getattr(self.partner, name)):
                current = _("Currently: %(value)s.") % {"value": _one_line(present)}
                self.fields[name].help_text = escape(f"{current} {self.fields[name].help_text}".strip())

    def clean(self):
        given = super().clean()
        if not any(given.get(name) for name in FIELDS) and not set(FIELDS) & set(self.errors):
            raise ValidationError(_("Enter at least one change."), code="required")
        same = [name for name in FIELDS if given.get(name) and _one_line(given[name]) == _one_line(getattr(self.partner, name))]
        changes = bool(self.errors) or any(given.get(name) for name in FIELDS if name not in same)
        for name in same:
            if changes:
                given[name] = ""  # the current value is no change: drop it if other fields do change
            else:
                self.add_error(name, ValidationError(_("This is already the current value. Enter what should change."), code="same"))
        return given


class CompanyChange(TicketType):
    code = "company_change"
    title = _("Change company details")
    topic = "Company"
    icon = "edit"
    description = _("Your company’s name, address, VAT number or billing e-mail. Enter only what changes.")
    search_terms = "rename new billing email mail tax"
    expected = _("Done within one business day")
    rules = ("GEN-1",)
    form = CompanyChangeForm
    action = _("Update the record")

    def subject(self, answers):
        return _("Change of %(fields)s") % {"fields": get_text_list([str(NOUNS[name]) for name in FIELDS if answers.get(name)], _("and"))}

    def current_values(self, ticket):
        return {name: getattr(ticket.partner, name) for name in FIELDS} if ticket.may_execute else {}

    def decide(self, answers, *, book, today):
        return Verdict()

    def apply(self, ticket, answers, *, book, today):
        partner = Partner.objects.select_for_update(no_key=True).get(pk=ticket.partner_id)
        changed = change_company(partner, {name: answers[name] for name in FIELDS if answers.get(name)}, at=answers.at)
        if previous := changed.get("billing_email", ("",))[0]:
            notify_previous_address(previous, whose=partner.name, by=partner.name, about=f"{partner.code}:{ticket.pk}", at=answers.at)
        labels = {name: self.form.base_fields[name].label for name in FIELDS}
        lines = [f"{labels[name]}: {_one_line(old) or '–'} → {_one_line(new)}" for name, (old, new) in changed.items()]
        return done("\n".join(lines) or _("Nothing has changed."))


def _one_line(text):
    return ", ".join(line.strip() for line in text.splitlines() if line.strip())
