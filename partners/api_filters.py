"""API: the filter by partner."""

import django_filters
from drf_spectacular.utils import extend_schema_field

from partners.models import Partner


@extend_schema_field({"type": "string"})
class PartnerFilter(django_filters.CharFilter):
    """Filter by a partner's code. The key is looked up first, so that the planner can estimate the rows and choose an index."""

    def filter(self, queryset, value):
        if not value:
            return queryset
        partner = Partner.objects.filter(code=value).values_list("pk", flat=True).first()
        return queryset.filter(**{self.field_name: partner}) if partner else queryset.none()
