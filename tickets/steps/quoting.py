"""Quoting a price that a person has calculated, and the answer to it: exactly the amount displayed is accepted."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DECLINED = "declined"
AN_AMOUNT = {"min_value": Decimal(0), "max_digits": 8, "decimal_places": 2}  # arguments of an amount field

QUOTED_ANEW = gettext_lazy("There is a new quote. Review it and answer again.")


class AnswerField(forms.ChoiceField):
    """The answer to a quote; an amount other than the current one comes from an outdated page and gets its own error."""

    def validate(self, value):
        if re.fullmatch(r"[0-9]+\.[0-9]{2}", value) and not self.valid_value(value):
            raise ValidationError(QUOTED_ANEW)
        super().validate(value)


def answer_form(about, amount, accept):
    """Return the form that accepts exactly this amount or declines it; `about` is its label, `accept` the label of accepting."""
    choices = [(f"{amount:.2f}", accept), (DECLINED, _("I do not accept it: please suggest an alternative"))]
    field = AnswerField(label=about, choices=choices, widget=forms.RadioSelect)
    return type("QuoteAnswerForm", (forms.Form,), {"answer": field})


def is_accepted(answer, amount):
    """Return whether the answer accepts the current quote. Raise ValidationError for an amount from an outdated page."""
    if answer == DECLINED:
        return False
    if answer != f"{amount:.2f}":
        raise ValidationError(QUOTED_ANEW)
    return True
