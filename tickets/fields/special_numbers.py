"""A field for numbers that are not DIDs: short codes and service numbers."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tickets.fields.base import clean_text

MOST = 50


class SpecialNumbersField(forms.Field):
    """Special numbers as dialled, one per line on the page and a list in JSON; cleans to a list without duplicates."""

    many = True
    has_language = False
    json_schema = {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 40}, "minItems": 1, "maxItems": MOST}

    def __init__(self, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": 3, "inputmode": "tel"}), **kwargs)

    def clean(self, value):
        lines = re.split(r"[\n,;]", value) if isinstance(value, str) else value or []
        texts = [text for line in lines if (text := clean_text(line))]
        if self.required and not texts:
            raise ValidationError(_("Enter at least one number."), code="required")
        numbers = list(dict.fromkeys(re.sub(r"[\s().\-/]", "", text) for text in texts))
        if len(numbers) > MOST:
            raise ValidationError(_("Enter at most %(limit)s numbers in one request.") % {"limit": MOST}, code="too_many")
        invalid = [number for number in numbers if not re.fullmatch(r"\+?[0-9*#]{2,18}", number, re.ASCII)]
        if invalid:
            message = _("%(number)s cannot be dialled. Use 2 to 18 characters: digits, * and #.")
            raise ValidationError([ValidationError(message, params={"number": number[:30]}, code="invalid") for number in invalid])
        return numbers

    def prepare_value(self, value):
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def as_json(self, numbers):
        return numbers
