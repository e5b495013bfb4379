"""API: the filter by a partner."""

import django_filters
from drf_spectacular.utils import extend_schema_field

from partners.models import Partner


@extend_schema_field({"type": "string"})
class PartnerFilter(django_filters.CharFilter):
    """By the code of a partner, which is looked for first: with its key the database knows how many rows it has, and which index serves."""

    def filter(self, queryset, value):
        if not value:
            return queryset
        partner = Partner.objects.filter(code=value).values_list("pk", flat=True).first()
        return queryset.filter(**{self.field_name: partner}) if partner else queryset.none()
