"""A country by its name or its two letters."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from policies.countries import country_code


class CountryField(forms.CharField):
    """A country by its code (ISO 3166, for example DE) or a name that people have for it; cleans to the code."""

    json_schema = {"type": "string", "minLength": 2, "maxLength": 60}

    def __init__(self, **kwargs):
        super().__init__(max_length=60, **kwargs)

    def clean(self, value):
        written = super().clean(value)
        if written and not country_code(written):
            message = _("We do not know this country: write its name or its two letters, for example Germany or DE.")
            raise ValidationError(message, code="invalid")
        return country_code(written)
