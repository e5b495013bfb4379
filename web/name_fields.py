"""Form fields for names of people and things, which appear in sentences, e-mails and signatures."""

import re

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# Control characters, line ends and characters that change the text direction (Unicode UAX #9, 2.1 to 2.5), with which a name could make a
# line read as another one (fields refuse NUL anyway). Marks that scripts themselves need (joiners, LRM, RLM) are allowed.
UNSEEN = re.compile(r"[\x01-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


LEGIBLE = re.compile(r"[^\W_]")  # a letter or digit of any script: joiners alone are invisible, punctuation is no name


class NameField(forms.CharField):
    """A name on one line, legible and without invisible characters."""

    default_validators = [
        RegexValidator(UNSEEN, _("A name cannot contain line breaks or control characters."), inverse_match=True),
        RegexValidator(LEGIBLE, _("Enter a name that contains letters or digits.")),
    ]


LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]")  # at least two, of any script: the shortest full names, like 李娜


class SignatureField(NameField):
    """The full name of a person who takes responsibility: an initial or a figure would identify nobody."""

    default_validators = [
        *NameField.default_validators[:1],
        RegexValidator(LETTERS, _("Enter your full name. It serves as your signature.")),
    ]
