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
from tickets.consents import tell_former_address
from tickets.fields import NamesField
from web.name_fields import NameField

NOUNS = {"name": _("company name"), "address": _("address"), "vat_number": _("VAT number"), "billing_email": _("billing e-mail")}
FIELDS = tuple(NOUNS)


class VatNumberField(forms.RegexField):
    """A VAT number in capitals, however it is typed."""

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
        help_text=_("With the two letters of the country, for example DE123456789."),
        error_messages={"invalid": _("A VAT number begins with the two letters of its country, for example DE123456789.")},
    )
    billing_email = forms.EmailField(label=_("Billing e-mail"), required=False, max_length=254)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in FIELDS:
            if self.partner and (present := getattr(self.partner, name)):
                told = _("At present: %(value)s.") % {"value": _one_line(present)}
                self.fields[name].help_text = escape(f"{told} {self.fields[name].help_text}".strip())

    def clean(self):
        given = super().clean()
        if not any(given.get(name) for name in FIELDS) and not set(FIELDS) & set(self.errors):
            raise ValidationError(_("Write at least one thing that changes."), code="required")
        same = [name for name in FIELDS if given.get(name) and _one_line(given[name]) == _one_line(getattr(self.partner, name))]
        changes = bool(self.errors) or any(given.get(name) for name in FIELDS if name not in same)
        for name in same:
            if changes:
                given[name] = ""  # what stands there is no change: beside others it is not asked for
            else:
                self.add_error(name, ValidationError(_("This stands there already: write what changes."), code="same"))
        return given


class CompanyChange(TicketType):
    code = "company_change"
    title = _("Change company details")
    topic = "Company"
    icon = "edit"
    description = _("Your company’s name, address, VAT number or billing e-mail. Write only what changes.")
    called = "rename new billing email mail tax"
    expected = _("Done within one business day")
    rules = ("GEN-1",)
    form = CompanyChangeForm
    action = _("Change the record")

    def subject(self, answers):
        return _("Change of %(fields)s") % {"fields": get_text_list([str(NOUNS[name]) for name in FIELDS if answers.get(name)], _("and"))}

    def present(self, ticket):
        return {name: getattr(ticket.partner, name) for name in FIELDS} if ticket.may_execute else {}

    def decide(self, answers, *, book, today):
        return Verdict()

    def apply(self, ticket, answers, *, book, today):
        partner = Partner.objects.select_for_update(no_key=True).get(pk=ticket.partner_id)
        changed = change_company(partner, {name: answers[name] for name in FIELDS if answers.get(name)}, at=answers.at)
        if former := changed.get("billing_email", ("",))[0]:
            tell_former_address(former, whose=partner.name, by=partner.name, about=f"{partner.code}:{ticket.pk}", at=answers.at)
        labels = {name: self.form.base_fields[name].label for name in FIELDS}
        lines = [f"{labels[name]}: {_one_line(old) or '–'} → {_one_line(new)}" for name, (old, new) in changed.items()]
        return done("\n".join(lines) or _("Nothing was different."))


def _one_line(text):
    return ", ".join(line.strip() for line in text.splitlines() if line.strip())
