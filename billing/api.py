"""API: invoices, and the account with its ledger entries."""

import django_filters
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.models import Balance, Invoice, InvoiceLine, LedgerEntry
from partners.api_filters import PartnerFilter
from partners.models import Partner
from policies.api_lists import reject_unknown_parameters
from web.api_filters import DayFilter, WholeFilter
from web.problems import Invalid
from web.rest import OwnedRows


class InvoiceLineJson(serializers.ModelSerializer):
    amount = serializers.DecimalField(max_digits=22, decimal_places=2)  # the product of two columns with up to ten integer digits each

    class Meta:
        model = InvoiceLine
        fields = ["line", "description", "quantity", "unit_price", "amount"]


class InvoiceJson(serializers.ModelSerializer):
    partner = serializers.CharField(source="partner.code")
    total = serializers.SerializerMethodField()
    lines = InvoiceLineJson(many=True)

    class Meta:
        model = Invoice
        fields = ["number", "partner", "issued_on", "due_on", "currency", "total", "lines"]

    def get_total(self, invoice) -> str:
        return f"{sum(line.amount for line in invoice.lines.all()):.2f}"


class InvoiceFilters(django_filters.FilterSet):
    partner = PartnerFilter(help_text="Code of the partner")
    issued_after = DayFilter(field_name="issued_on", lookup_expr="gte", help_text="Issued on or after this day")
    issued_before = DayFilter(field_name="issued_on", lookup_expr="lt", help_text="Issued before this day")

    class Meta:
        model = Invoice
        fields = ["currency"]


class Invoices(OwnedRows):
    """The partner's invoices with their lines."""

    queryset = Invoice.objects.select_related("partner").prefetch_related("lines")
    serializer_class = InvoiceJson
    filterset_class = InvoiceFilters
    lookup_field = "number"
    orders = {"-issued_on": ("-issued_on", "-number"), "issued_on": ("issued_on", "number"), "number": ("number", "pk")}


class EntryJson(serializers.ModelSerializer):
    partner = serializers.CharField(source="partner.code", help_text="The partner whose account it is on; not always the one that asked.")
    ticket = serializers.IntegerField(source="ticket_number", allow_null=True)

    class Meta:
        model = LedgerEntry
        fields = ["id", "partner", "kind", "fee", "title", "amount", "currency", "ticket", "created_at"]


class EntryFilters(django_filters.FilterSet):
    partner = PartnerFilter(help_text="Code of the partner")
    ticket = WholeFilter(method="by_ticket", help_text="Number of the ticket")

    class Meta:
        model = LedgerEntry
        fields = ["kind"]

    def by_ticket(self, queryset, name, value):
        return queryset.filter(source=f"ticket:{value}")


class Entries(OwnedRows):
    """Entries posted to the account. Positive amounts are owed by the partner, negative ones to it. Entries never change."""

    queryset = LedgerEntry.objects.select_related("partner")
    serializer_class = EntryJson
    filterset_class = EntryFilters
    lookup_field = "pk"
    orders = {"-created_at": ("-created_at", "-pk"), "created_at": ("created_at", "pk")}


class BalanceJson(serializers.Serializer):
    balance = serializers.DecimalField(max_digits=14, decimal_places=2)
    currency = serializers.CharField()


class AccountJson(serializers.Serializer):
    partner = serializers.CharField()
    balance = serializers.DecimalField(max_digits=14, decimal_places=2, help_text="Positive if owed by the partner.")
    currency = serializers.CharField(help_text="The partner’s own currency, in which it is currently charged.")
    balances = BalanceJson(many=True, help_text="This balance, and any non-zero balances in other currencies.")


class Account(APIView):
    """The balance of the partner's account in each of its currencies."""

    @extend_schema(
        operation_id="account",
        parameters=[OpenApiParameter("partner", str, description="Code of the partner; required for staff.")],
        responses=AccountJson,
    )
    def get(self, request):
        reject_unknown_parameters(request, ["partner"])
        partner = self.partner()
        kept = Balance.objects.visible_to(request.user).of_account(partner)
        balances = [{"balance": balance, "currency": currency} for currency, balance in kept.items()]
        return Response(AccountJson({"partner": partner.code, **balances[0], "balances": balances}).data)

    def partner(self):
        """Return the partner named in the query, else the caller's own."""
        user, code = self.request.user, self.request.query_params.get("partner")
        if code == "" or (code is None and user.is_care):
            raise Invalid({"partner": [_("Specify the partner’s code.")]})
        if code is None:
            return user.partner
        found = Partner.objects.visible_to(user).filter(code=code).first() if code.isprintable() else None
        if found is None:
            raise Http404
        return found
