"""A country, by its name or its two-letter code."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from policies.countries import country_code


class CountryField(forms.CharField):
    """A country, by its ISO 3166 code (for example DE) or a common name; cleans to the code."""

    json_schema = {"type": "string", "minLength": 2, "maxLength": 60}

    def __init__(self, **kwargs):
        super().__init__(max_length=60, **kwargs)

    def clean(self, value):
        written = super().clean(value)
        if written and not country_code(written):
            message = _("We do not recognise this country. Enter its name or two-letter code, for example Germany or DE.")
            raise ValidationError(message, code="invalid")
        return country_code(written)
