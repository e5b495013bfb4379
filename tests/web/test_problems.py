"""Errors of the API, as programs read them."""

import pytest
from django import forms

from web.json_forms import bound
from web.problems import Invalid


class Period(forms.Form):
    """A form with an error that concerns no single field."""

    def clean(self):
        raise forms.ValidationError("The end is before the start.")


def test_error_of_no_single_field_has_an_empty_name():
    with pytest.raises(Invalid) as invalid:
        bound(Period, {})
    assert invalid.value.members == {"errors": {"": ["The end is before the start."]}}
