"""Form fields for numbers in digits 0 to 9: Python, and so Django, would also read 1_0, ١٠ and 1e1 as ten."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
UNREADABLE = _("Enter a number in digits 0 to 9, with a decimal point if needed.")
BOUNDS = {"min_value": _("Enter %(limit_value)s or more."), "max_value": _("Enter %(limit_value)s or less.")}


def is_plain(text):
    """Return whether the text is a number as people write it, with a decimal point."""
    return _PLAIN.fullmatch(text) is not None


class _Typed:
    def to_python(self, value):
        if isinstance(value, str) and value and not is_plain(value.strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class WholeNumberField(_Typed, forms.IntegerField):
    """A whole number."""

    default_error_messages = {**BOUNDS, "invalid": _("Enter a whole number in digits 0 to 9.")}


class AmountField(_Typed, forms.DecimalField):
    """A number with decimals."""

    default_error_messages = {
        **BOUNDS,
        "invalid": UNREADABLE,
        "max_decimal_places": ngettext_lazy("Enter at most %(max)s decimal.", "Enter at most %(max)s decimals.", "max"),
    }


def most_of(column):
    """Return the highest amount that a DecimalField of the database can store."""
    return (Decimal(10) ** column.max_digits - 1).scaleb(-column.decimal_places)


# For admin pages, whose forms are made from the models with their limits.
OVERRIDES = {models.IntegerField: {"form_class": WholeNumberField}, models.DecimalField: {"form_class": AmountField}}
