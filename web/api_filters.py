"""API: filters by a value of which there is one spelling only, so that nothing else is read as something that was not meant."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.utils import extend_schema_field

from web.typed import day_of, number_of


class FilterWords(DjangoFilterExtension):
    """Says of each filter what its help text says, also of those that name their own schema."""

    priority = 1

    def resolve_filter_field(self, auto_schema, model, filterset_class, field_name, filter_field):
        parameters = super().resolve_filter_field(auto_schema, model, filterset_class, field_name, filter_field)
        words = filter_field.extra.get("help_text")
        return [{"description": str(words)} | parameter if words else parameter for parameter in parameters]


class DayField(forms.Field):
    """A date as 2026-11-18."""

    def to_python(self, value):
        day = day_of(value) if value else None
        if value and day is None:
            raise ValidationError(_("Write a date as YYYY-MM-DD."), code="invalid")
        return day


class TruthField(forms.Field):
    """true or false."""

    def to_python(self, value):
        truth = {"true": True, "false": False}.get(value.lower()) if value else None
        if value and truth is None:
            raise ValidationError(_("Write true or false."), code="invalid")
        return truth


class WholeField(forms.Field):
    """A whole number from 1 on."""

    def to_python(self, value):
        number = number_of(value) if value else None
        if value and not number:
            raise ValidationError(_("Write a whole number, at least 1."), code="invalid")
        return number


@extend_schema_field({"type": "string", "format": "date"})
class DayFilter(django_filters.Filter):
    """By a date as ISO 8601 writes it: 01/02/2026 is another day for one half of the readers than for the other."""

    field_class = DayField


@extend_schema_field({"type": "boolean"})
class TruthFilter(django_filters.Filter):
    """By true or false; whatever is neither is refused, because leaving the filter out would show too much."""

    field_class = TruthField


@extend_schema_field({"type": "integer", "minimum": 1})
class WholeFilter(django_filters.Filter):
    """By a whole number, in the digits 0 to 9."""

    field_class = WholeField
