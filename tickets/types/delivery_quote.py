"""Get a delivery quote – FAQ: "How much would delivery cost?" (ORD-1)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hwaas import order_rules
from policies.countries import country_name
from policies.verdict import NEEDS_REVIEW, Verdict
from tickets.base import QuestionType, TicketForm, answered
from tickets.fields import CountryField, NamesField, OrderField


class DeliveryQuoteForm(TicketForm):
    order = OrderField(label=_("Order"), required=False, help_text=_("Choose one of your orders, or enter a country below."))
    country = CountryField(label=_("Country"), required=False, help_text=_("For example Germany or DE."))
    items = NamesField(label=_("Items to deliver"), max_length=1000)
    overnight = forms.BooleanField(label=_("Overnight delivery"), required=False)

    def clean(self):
        given = super().clean()
        if not given.get("order") and not given.get("country") and not {"order", "country"} & set(self.errors):
            raise ValidationError(_("Choose an order or enter a country."), code="required")
        return given


class DeliveryQuote(QuestionType):
    code = "delivery_quote"
    title = _("Get a delivery quote")
    topic = "Orders"
    icon = "receipt"
    description = _("The cost of delivering an order, or to a country. We answer immediately; a person quotes overnight delivery.")
    search_terms = "shipping shipment freight postage price overnight express"
    expected = _("Immediately, or within one business day if a person has to quote it")
    expected_by_hand = _("Answered within one business day")
    rules = ("GEN-1", "ORD-1")
    form = DeliveryQuoteForm

    def subject(self, answers):
        return _("Delivery to %(place)s") % {"place": country_name(self._country(answers) or answers.partner.country)}

    @staticmethod
    def _country(answers):
        order = answers.get("order")
        return (order.country if order else "") or answers.get("country")

    def decide(self, answers, *, book, today):
        country = self._country(answers)
        if not country and not answers.get("order"):
            return Verdict()
        region = order_rules.delivery_region(country, book=book) if country else answers.partner.region
        place = country_name(country or answers.partner.country)
        overnight, currency = bool(answers.get("overnight")), answers.partner.currency
        field = "order" if answers.get("order") else "country"
        quoted = order_rules.delivery_quoted(region, place, overnight=overnight, currency=currency, book=book, field=field)
        return Verdict(tuple(quoted))

    def after_submission(self, ticket, answers, *, at):
        verdict = self.decide(answers, book=ticket.policy_book(), today=at.date())
        if verdict.outcome == NEEDS_REVIEW:
            return None
        return answered(" ".join(str(finding.message) for finding in verdict.findings))
