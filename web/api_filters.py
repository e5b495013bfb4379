"""API filters that accept exactly one spelling of each value, so that no value is misunderstood."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.utils import extend_schema_field

from web.user_input import parse_day, parse_number


class FilterWords(DjangoFilterExtension):
    """Documents each filter with its help text, including filters that define their own schema."""

    priority = 1

    def resolve_filter_field(self, auto_schema, model, filterset_class, field_name, filter_field):
        parameters = super().resolve_filter_field(auto_schema, model, filterset_class, field_name, filter_field)
        words = filter_field.extra.get("help_text")
        return [{"description": str(words)} | parameter if words else parameter for parameter in parameters]


class DayField(forms.Field):
    """A date such as 2026-11-18."""

    def to_python(self, value):
        day = parse_day(value) if value else None
        if value and day is None:
            raise ValidationError(_("Enter a date as YYYY-MM-DD."), code="invalid")
        return day


class TruthField(forms.Field):
    """true or false."""

    def to_python(self, value):
        truth = {"true": True, "false": False}.get(value.lower()) if value else None
        if value and truth is None:
            raise ValidationError(_("Enter true or false."), code="invalid")
        return truth


class WholeField(forms.Field):
    """A whole number, at least 1."""

    def to_python(self, value):
        number = parse_number(value) if value else None
        if value and not number:
            raise ValidationError(_("Enter a whole number, at least 1."), code="invalid")
        return number


@extend_schema_field({"type": "string", "format": "date"})
class DayFilter(django_filters.Filter):
    """Filters by an ISO 8601 date: 01/02/2026 would mean different days to different readers."""

    field_class = DayField


@extend_schema_field({"type": "boolean"})
class TruthFilter(django_filters.Filter):
    """Filters by true or false; anything else is refused, since ignoring the filter would return too much."""

    field_class = TruthField


@extend_schema_field({"type": "integer", "minimum": 1})
class WholeFilter(django_filters.Filter):
    """Filters by a whole number in digits 0 to 9."""

    field_class = WholeField
