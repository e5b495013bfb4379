"""API: which tickets are listed, by the keys that pages have too and some more."""

import django_filters
from django.db.models import Subquery
from drf_spectacular.utils import extend_schema_field

from partners.models import Partner, User
from tickets.filters import TicketFilter
from tickets.models import Ticket


@extend_schema_field({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]})
class MomentFilter(django_filters.IsoDateTimeFilter):
    """By a day or a point in time (ISO 8601); a day begins at midnight UTC."""


class TicketFilters(TicketFilter):
    """Status may be given several times. Partners and people are found first, so that the list's own indexes serve."""

    outcome = django_filters.ChoiceFilter(choices=Ticket.Outcome.choices)
    partner = django_filters.CharFilter(method="by_partner", help_text="Code of the partner")
    assignee = django_filters.CharFilter(method="by_assignee", help_text="E-mail address, `me` or `nobody`")
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte", help_text="On this day or time, or later")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt", help_text="Before this day or time")

    def by_partner(self, queryset, name, value):
        return queryset.filter(partner=Subquery(Partner.objects.filter(code=value).values("pk")[:1]))

    def by_assignee(self, queryset, name, value):
        if value == "nobody":
            return queryset.filter(assignee=None)
        address = self.request.user.email if value == "me" else value.lower()
        return queryset.filter(assignee=Subquery(User.objects.filter(email=address).values("pk")[:1]))
