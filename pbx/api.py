"""API: PBXs with their licences and Commitments."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partners.api_filters import PartnerFilter
from pbx.classound_counts import counted, with_numbers
from pbx.console import with_console
from pbx.filtering import narrow_to_own_pbxs
from pbx.models import Commitment, ConsoleReport, Licence, Pbx
from pbx.network_rules import console_and_portal_agree, users_fit_the_licences
from policies.models import PolicyValue
from web.api_filters import TruthFilter
from web.rest import OwnedRows


class RowsOnPbxs(OwnedRows):
    """A resource whose rows belong to PBXs. Lists are narrowed by the caller's PBXs (docs/decisions/0343)."""

    def get_queryset(self):
        rows = super().get_queryset()
        return narrow_to_own_pbxs(rows, self.request.user) if self.action == "list" else rows


class LicenceJson(serializers.ModelSerializer):
    class Meta:
        model = Licence
        fields = ["licence_type", "quantity", "monthly_price", "activated_on"]


class CommitmentJson(serializers.ModelSerializer):
    class Meta:
        model = Commitment
        fields = ["years", "starts_on", "ends_on", "renews"]


class ConsoleJson(serializers.ModelSerializer):
    class Meta:
        model = ConsoleReport
        fields = ["registered_users", "wms_role", "wms_server", "reported_at"]


class FindingJson(serializers.Serializer):
    rule = serializers.CharField()
    effect = serializers.CharField()
    subject = serializers.CharField(help_text="Serial number of the PBX the finding is about")
    message = serializers.CharField()
    policy = serializers.DictField(child=serializers.CharField(), help_text="The policy values used")


class CountedJson(serializers.Serializer):
    licence_type = serializers.CharField()
    quantity = serializers.IntegerField()
    flat = serializers.IntegerField()
    concurrent_calls = serializers.IntegerField(source="calls", allow_null=True, help_text="Concurrent calls per user")


class CountsJson(serializers.Serializer):
    flat = serializers.IntegerField(help_text="CLASSOUND FLAT licences (DID-11)")
    counted_on = serializers.CharField(
        source="server.serial", default=None, allow_null=True, help_text="The WMS server whose licences are counted instead of its own"
    )
    licences = CountedJson(many=True)
    policy = serializers.DictField(child=serializers.CharField(), help_text="The policy values used for counting")


class PbxJson(serializers.ModelSerializer):
    partner = serializers.CharField(source="end_user.partner.code")
    end_user = serializers.CharField(source="end_user.code")
    wms_server = serializers.SlugRelatedField("serial", read_only=True, allow_null=True)
    licences = LicenceJson(many=True)
    commitments = CommitmentJson(many=True)
    classound = serializers.SerializerMethodField()
    console = ConsoleJson(default=None, allow_null=True, help_text="The latest report from its console")
    findings = serializers.SerializerMethodField()

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
            "terminated_on",
            "licences",
            "commitments",
            "classound",
            "console",
            "findings",
        ]

    @extend_schema_field(CountsJson)
    def get_classound(self, pbx):
        return CountsJson(counted(pbx, has_numbers=pbx.has_numbers, book=self.context["book"])).data

    @extend_schema_field(FindingJson(many=True))
    def get_findings(self, pbx):
        """Return findings where the console disagrees with the licences (LIC-6) or with the portal (LIC-10)."""
        found = users_fit_the_licences(pbx, book=self.context["book"]) + console_and_portal_agree(pbx, book=self.context["book"])
        return FindingJson(found, many=True).data


class PbxFilters(django_filters.FilterSet):
    serial = django_filters.CharFilter(lookup_expr="istartswith", help_text="Beginning of the serial number")
    end_user = django_filters.CharFilter(field_name="end_user__code", help_text="Code of the end user")
    partner = PartnerFilter(field_name="end_user__partner", help_text="Code of the partner")
    read_only = TruthFilter(help_text="true or false")

    class Meta:
        model = Pbx
        fields = ["product", "term", "wms_role"]


class Pbxs(OwnedRows):
    """PBXs of the partner's end users."""

    queryset = with_numbers(with_console(Pbx.objects.select_related("end_user__partner").prefetch_related("commitments")))
    serializer_class = PbxJson
    filterset_class = PbxFilters
    lookup_field = "serial"
    orders = {"serial": ("serial", "pk"), "-serial": ("-serial", "-pk")}

    def get_serializer_context(self):
        return super().get_serializer_context() | {"book": PolicyValue.objects.book(on=timezone.now().date())}
