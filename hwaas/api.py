"""API: devices and hardware orders."""

import django_filters
from rest_framework import serializers

from hwaas.models import Device, Order
from partners.api_filters import PartnerFilter
from pbx.api import RowsOnPbxs
from web.api_filters import DayFilter, TruthFilter
from web.rest import OwnedRows


class DeviceJson(serializers.ModelSerializer):
    partner = serializers.CharField(source="pbx.end_user.partner.code")
    end_user = serializers.CharField(source="pbx.end_user.code")
    pbx = serializers.CharField(source="pbx.serial")
    item = serializers.CharField(source="item.code")
    item_name = serializers.CharField(source="item.name")

    class Meta:
        model = Device
        fields = [
            "serial",
            "item",
            "item_name",
            "partner",
            "end_user",
            "pbx",
            "ownership",
            "state",
            "ordered_on",
            "shipped_on",
            "billing_starts_on",
            "warranty_document",
        ]


class DeviceFilters(django_filters.FilterSet):
    serial = django_filters.CharFilter(lookup_expr="startswith", help_text="Beginning of the serial number")
    item = django_filters.CharFilter(field_name="item__code", help_text="Code of the item")
    pbx = django_filters.CharFilter(field_name="pbx__serial", help_text="Serial number of the PBX")
    end_user = django_filters.CharFilter(field_name="pbx__end_user__code", help_text="Code of the end user")
    partner = PartnerFilter(field_name="pbx__end_user__partner", help_text="Code of the partner")

    class Meta:
        model = Device
        fields = ["ownership", "state"]


class Devices(RowsOnPbxs):
    """Devices of the partner's end users, both owned and as a service."""

    queryset = Device.objects.select_related("item", "pbx__end_user__partner")
    serializer_class = DeviceJson
    filterset_class = DeviceFilters
    lookup_field = "serial"
    orders = {"serial": ("serial", "pk"), "-serial": ("-serial", "-pk")}


class OrderJson(serializers.ModelSerializer):
    partner = serializers.CharField(source="partner.code")

    class Meta:
        model = Order
        fields = ["number", "partner", "country", "placed_on", "dispatched_on", "cancelled_on", "carrier", "tracking_number"]


class OrderFilters(django_filters.FilterSet):
    partner = PartnerFilter(help_text="Code of the partner")
    placed_after = DayFilter(field_name="placed_on", lookup_expr="gte", help_text="Placed on or after this day")
    placed_before = DayFilter(field_name="placed_on", lookup_expr="lt", help_text="Placed before this day")
    dispatched = TruthFilter(field_name="dispatched_on", lookup_expr="isnull", exclude=True, help_text="true or false")

    class Meta:
        model = Order
        fields = ["country", "carrier"]


class Orders(OwnedRows):
    """The partner's hardware orders and their shipment."""

    queryset = Order.objects.select_related("partner")
    serializer_class = OrderJson
    filterset_class = OrderFilters
    lookup_field = "number"
    orders = {"-placed_on": ("-placed_on", "-pk"), "placed_on": ("placed_on", "number"), "number": ("number", "pk")}
