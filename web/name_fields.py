"""A form field for names that people type: they stand in the midst of sentences, in mails and under signatures."""

import re

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# Control characters, ends of lines, and what turns the direction of all that follows (Unicode UAX #9, 2.1 to 2.5): a name with them can
# make a line read as another one (NUL no field takes). The marks that scripts themselves need (joiners, LRM and RLM) are none of these.
UNSEEN = re.compile(r"[\x01-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


LEGIBLE = re.compile(r"[^\W_]")  # a letter or a digit of any script: joiners alone show nothing, and stops and dashes name nobody


class NameField(forms.CharField):
    """A name on one line, with something to read in it and without characters that nobody sees."""

    default_validators = [
        RegexValidator(UNSEEN, _("A name has no line breaks or control characters in it."), inverse_match=True),
        RegexValidator(LEGIBLE, _("Write a name with letters or digits in it.")),
    ]


LETTERS = re.compile(r"[^\W\d_].*[^\W\d_]")  # two, of any script: the shortest full names, like 李娜, are no longer


class SignatureField(NameField):
    """The name of a person who answers for something: a figure or an initial would sign for nobody."""

    default_validators = [
        *NameField.default_validators[:1],
        RegexValidator(LETTERS, _("Write your full name: it stands for a signature.")),
    ]
