"""How a price that a person works out is told and answered: accepted is exactly the figure that was read."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DECLINED = "declined"
AN_AMOUNT = {"min_value": Decimal(0), "max_digits": 8, "decimal_places": 2}  # of a field for it

QUOTED_ANEW = gettext_lazy("The cost was quoted anew meanwhile: please look at it again.")


class AnswerField(forms.ChoiceField):
    """The answer to a quote; another figure than the present one is that of an older page, and says so."""

    def validate(self, value):
        if re.fullmatch(r"[0-9]+\.[0-9]{2}", value) and not self.valid_value(value):
            raise ValidationError(QUOTED_ANEW)
        super().validate(value)


def answer_form(about, amount, accept):
    """The form that accepts exactly this amount or declines it; `about` and `accept` are its words."""
    choices = [(f"{amount:.2f}", accept), (DECLINED, _("I do not accept it: please propose another way"))]
    field = AnswerField(label=about, choices=choices, widget=forms.RadioSelect)
    return type("QuoteAnswerForm", (forms.Form,), {"answer": field})


def is_accepted(answer, amount):
    """Whether the answer accepts what is quoted now. Raises ValidationError for the figure of an older page."""
    if answer == DECLINED:
        return False
    if answer != f"{amount:.2f}":
        raise ValidationError(QUOTED_ANEW)
    return True
