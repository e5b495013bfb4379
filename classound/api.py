"""API: DIDs, single numbers and ranges."""

import re

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from classound.emergency import emergency_of
from classound.models import Did, EmergencyLocation, contains_number
from partners.api_filters import PartnerFilter
from pbx.api import RowsOnPbxs
from policies.models import PolicyValue


class LocationJson(serializers.ModelSerializer):
    class Meta:
        model = EmergencyLocation
        fields = ["number", *EmergencyLocation.ADDRESS, "status", "reason", "requested_on", "decided_on"]


class DidJson(serializers.ModelSerializer):
    is_range = serializers.BooleanField()
    partner = serializers.CharField(source="pbx.end_user.partner.code")
    end_user = serializers.CharField(source="pbx.end_user.code")
    pbx = serializers.CharField(source="pbx.serial")
    emergency = serializers.SerializerMethodField()
    emergency_locations = LocationJson(many=True)

    class Meta:
        model = Did
        fields = [
            "number",
            "is_range",
            "partner",
            "end_user",
            "pbx",
            "kind",
            "country",
            "status",
            "activated_on",
            "cancelled_on",
            "ported_out_on",
            "porting_date",
            "porting_confirmed",
            "migration_code",
            "monthly_price",
            "emergency",
            "emergency_locations",
        ]

    @extend_schema_field({"type": "string", "enum": ["automatic", "active", "sent_back", "requested", "none", ""]})
    def get_emergency(self, did):
        """Return the state of emergency calling (DID-10); empty for a number out of service."""
        return emergency_of(did, book=self.context["book"]).state


class DidFilters(django_filters.FilterSet):
    number = django_filters.CharFilter(method="by_number", help_text="Beginning of a number, or a number inside a range")
    pbx = django_filters.CharFilter(field_name="pbx__serial", help_text="Serial number of the PBX")
    end_user = django_filters.CharFilter(field_name="pbx__end_user__code", help_text="Code of the end user")
    partner = PartnerFilter(field_name="pbx__end_user__partner", help_text="Code of the partner")
    country = django_filters.CharFilter(help_text="ISO 3166 code")

    class Meta:
        model = Did
        fields = ["kind", "status"]

    def by_number(self, queryset, name, value):
        # In a URL an unescaped + is a space, so it is optional.
        compact = re.sub(r"[\s().\-/+]", "", value).upper()
        if not re.fullmatch(r"[0-9]{1,15}X{0,3}", compact, re.ASCII):
            raise ValidationError({name: _("Enter the beginning of a number, for example +4989.")})
        found = Q(number__startswith="+" + compact)
        if compact.isdigit() and len(compact) >= 7:
            # The database index on ranges excludes cancelled ones.
            found |= contains_number(compact) & ~Q(status=Did.Status.CANCELLED)
        return queryset.filter(found)


class Dids(RowsOnPbxs):
    """The partner's DIDs: single numbers, and ranges with trailing X."""

    queryset = Did.objects.select_related("pbx__end_user__partner").prefetch_related("emergency_locations")
    serializer_class = DidJson
    filterset_class = DidFilters
    lookup_field = "number"
    orders = {"number": ("number", "pk"), "-number": ("-number", "-pk")}

    def get_serializer_context(self):
        return super().get_serializer_context() | {"book": PolicyValue.objects.book(on=timezone.now().date())}
