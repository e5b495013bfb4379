"""API: PBXs with their licences and Commitments."""

import django_filters
from rest_framework import serializers

from partners.rest import OwnedRows
from pbx.models import Commitment, Licence, Pbx


class LicenceJson(serializers.ModelSerializer):
    class Meta:
        model = Licence
        fields = ["licence_type", "quantity", "monthly_price", "activated_on"]


class CommitmentJson(serializers.ModelSerializer):
    class Meta:
        model = Commitment
        fields = ["years", "starts_on", "ends_on"]


class PbxJson(serializers.ModelSerializer):
    partner = serializers.CharField(source="end_user.partner.code")
    end_user = serializers.CharField(source="end_user.code")
    wms_server = serializers.SlugRelatedField("serial", read_only=True, allow_null=True)
    licences = LicenceJson(many=True)
    commitments = CommitmentJson(many=True)

    class Meta:
        model = Pbx
        fields = [
            "serial",
            "name",
            "partner",
            "end_user",
            "product",
            "term",
            "activated_on",
            "expires_on",
            "wms_version",
            "wms_role",
            "wms_server",
            "read_only",
            "licences",
            "commitments",
        ]


class PbxFilters(django_filters.FilterSet):
    serial = django_filters.CharFilter(lookup_expr="istartswith", help_text="Beginning of the serial number")
    end_user = django_filters.CharFilter(field_name="end_user__code", help_text="Code of the end user")
    partner = django_filters.CharFilter(field_name="end_user__partner__code", help_text="Code of the partner")

    class Meta:
        model = Pbx
        fields = ["serial", "end_user", "partner", "product", "term", "wms_role", "read_only"]


class Pbxs(OwnedRows):
    """PBXs of the partner's end users."""

    queryset = Pbx.objects.select_related("end_user__partner", "wms_server").prefetch_related("licences", "commitments")
    serializer_class = PbxJson
    filterset_class = PbxFilters
    lookup_field = "serial"
    orders = {"serial": ("serial", "pk"), "-serial": ("-serial", "-pk")}
