"""A country by its two letters."""

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class CountryField(forms.CharField):
    """A country as ISO 3166 writes it, for example DE; small letters will do."""

    json_schema = {"type": "string", "minLength": 2, "maxLength": 2}

    def __init__(self, **kwargs):
        super().__init__(max_length=2, **kwargs)

    def clean(self, value):
        country = super().clean(value).upper()
        if country and country not in phonenumbers.SUPPORTED_REGIONS:
            raise ValidationError(_("Write the country with its two letters, for example DE."), code="invalid")
        return country
