"""API: the filters of the ticket list: those of the pages and some more."""

import datetime

import django_filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import extend_schema_field

from partners.api_filters import PartnerFilter
from partners.models import User
from tickets.filters import TicketFilter
from tickets.models import Ticket
from tickets.models.ticket import CARRIED_OUT

# In the API, a request executed but declined by a third party is `executed`, with `declined` beside it (docs/decisions/0247).
OUTCOMES = [choice for choice in Ticket.Outcome.choices if choice[0] != Ticket.Outcome.DECLINED]


class MomentField(IsoDateTimeField):
    """A point in time, converted to UTC: ISO 8601 allows offsets that the database does not."""

    default_error_messages = {"invalid": _("Enter a date as 2027-03-01 or a time as 2027-03-01T09:00:00Z.")}

    def to_python(self, value):
        try:
            moment = super().to_python(value)
            return moment and moment.astimezone(datetime.UTC)
        except OverflowError:  # beyond the calendar in UTC
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


@extend_schema_field({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]})
class MomentFilter(django_filters.IsoDateTimeFilter):
    """Filter by a date or a point in time (ISO 8601); a date begins at midnight UTC."""

    field_class = MomentField


class TicketFilters(TicketFilter):
    """The filters of the ticket list; status may be given several times. Partners and people are looked up first,
    so that the list's own indexes are used and an unknown one costs no scan of tickets."""

    outcome = django_filters.ChoiceFilter(choices=OUTCOMES, method="by_outcome")
    partner = PartnerFilter(help_text="Code of the partner")
    assignee = django_filters.CharFilter(method="by_assignee", help_text="`nobody`; for the care team also `me` or an e-mail address")
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte", help_text="On or after this date (from midnight UTC) or time")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt", help_text="Before this date (midnight UTC) or time")

    def by_outcome(self, queryset, name, value):
        return queryset.filter(outcome__in=CARRIED_OUT) if value == Ticket.Outcome.EXECUTED else queryset.filter(outcome=value)

    def by_assignee(self, queryset, name, value):
        if value == "nobody":
            return queryset.filter(assignee=None)
        reader = self.request.user
        asked = reader if value == "me" else reader.is_care and User.objects.filter(email=value.lower()).only("pk").first()
        return queryset.filter(assignee=asked) if asked else queryset.none()
