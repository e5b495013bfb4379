"""Dates as entered by people and programs."""

import datetime
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class IsoDateField(forms.DateField):
    """A date as YYYY-MM-DD (ISO 8601), in ASCII digits."""

    EARLIEST, LATEST = 1990, 2100
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value):
        if value in self.empty_values:
            return None
        written = str(value).strip()
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII):
            raise ValidationError(_("Enter the date as YYYY-MM-DD, for example 2027-03-01."), code="invalid")
        try:
            day = datetime.date.fromisoformat(written)
        except ValueError:
            raise ValidationError(_("The date %(day)s does not exist."), code="invalid", params={"day": written}) from None
        if not self.EARLIEST <= day.year <= self.LATEST:  # public holidays and the calendar only cover these years
            raise ValidationError(
                _("The year must be between %(first)s and %(last)s."), code="invalid", params={"first": self.EARLIEST, "last": self.LATEST}
            )
        return day

    def as_json(self, day):
        return day.isoformat()
