"""API: a partner's resellers and end users."""

import django_filters
from rest_framework import serializers

from partners.api_filters import PartnerFilter
from partners.models import EndUser, Reseller
from web.rest import OwnedRows


class ResellerJson(serializers.ModelSerializer):
    partner = serializers.CharField(source="partner.code")

    class Meta:
        model = Reseller
        fields = ["code", "name", "partner", "email"]


class ResellerFilters(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="istartswith", help_text="Beginning of the name")
    partner = PartnerFilter(help_text="Code of the partner")


class Resellers(OwnedRows):
    """The partner's resellers."""

    queryset = Reseller.objects.select_related("partner")
    serializer_class = ResellerJson
    filterset_class = ResellerFilters
    lookup_field = "code"
    orders = {"code": ("code", "pk"), "-code": ("-code", "-pk")}


class EndUserJson(serializers.ModelSerializer):
    partner = serializers.CharField(source="partner.code")
    reseller = serializers.SlugRelatedField("code", read_only=True, allow_null=True)

    class Meta:
        model = EndUser
        fields = ["code", "name", "partner", "reseller", "country", "email"]


class EndUserFilters(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="istartswith", help_text="Beginning of the name")
    partner = PartnerFilter(help_text="Code of the partner")
    reseller = django_filters.CharFilter(field_name="reseller__code", help_text="Code of the reseller")
    country = django_filters.CharFilter(help_text="ISO 3166 code")


class EndUsers(OwnedRows):
    """The partner's end users (customers)."""

    queryset = EndUser.objects.select_related("partner", "reseller")
    serializer_class = EndUserJson
    filterset_class = EndUserFilters
    lookup_field = "code"
    orders = {"code": ("code", "pk"), "-code": ("-code", "-pk")}
