"""API: DIDs, single numbers and ranges."""

import re

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework import serializers

from classound.models import Did
from partners.rest import OwnedRows


class DidJson(serializers.ModelSerializer):
    is_range = serializers.BooleanField()
    partner = serializers.CharField(source="pbx.end_user.partner.code")
    end_user = serializers.CharField(source="pbx.end_user.code")
    pbx = serializers.CharField(source="pbx.serial")

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
            "porting_date",
            "porting_confirmed",
            "migration_code",
            "monthly_price",
        ]


class DidFilters(django_filters.FilterSet):
    number = django_filters.CharFilter(method="by_number", help_text="Beginning of a number, or a number inside a range")
    pbx = django_filters.CharFilter(field_name="pbx__serial", help_text="Serial number of the PBX")
    end_user = django_filters.CharFilter(field_name="pbx__end_user__code", help_text="Code of the end user")
    partner = django_filters.CharFilter(field_name="pbx__end_user__partner__code", help_text="Code of the partner")
    country = django_filters.CharFilter(help_text="ISO 3166 code")

    class Meta:
        model = Did
        fields = ["number", "pbx", "end_user", "partner", "kind", "country", "status"]

    def by_number(self, queryset, name, value):
        # In an address a bare + is a space, so it need not be written.
        compact = re.sub(r"[\s().\-/+]", "", value).upper()
        if not re.fullmatch(r"[0-9]{1,15}X{0,3}", compact, re.ASCII):
            raise ValidationError({name: _("Write the beginning of a number, for example +4989.")})
        found = Q(number__startswith="+" + compact)
        if compact.isdigit() and len(compact) >= 7:
            # The database's index of ranges leaves cancelled ones out.
            found |= Q(numbers__contains=int(compact)) & ~Q(status=Did.Status.CANCELLED)
        return queryset.filter(found)


class Dids(OwnedRows):
    """DIDs of the partner: single numbers, and ranges with trailing X."""

    queryset = Did.objects.select_related("pbx__end_user__partner")
    serializer_class = DidJson
    filterset_class = DidFilters
    lookup_field = "number"
    orders = {"number": ("number", "pk"), "-number": ("-number", "-pk")}
