"""Units whose values are codes: a choice, a list, a country, a type of request, days of the week, languages."""

import re
from dataclasses import dataclass
from itertools import groupby

from django.conf.locale import LANG_INFO
from django.utils.dates import WEEKDAYS as NAMES
from django.utils.translation import gettext as _

from policies.days import has_holidays
from policies.units import Unit, cleaned_text


@dataclass(frozen=True)
class Country(Unit):
    """The ISO 3166 code of a country whose public holidays are known."""

    name = "country"

    def clean(self, raw):
        text = cleaned_text(raw).upper()
        if not has_holidays(text):
            raise ValueError(_("Enter the code of a country whose public holidays are known, for example IT."))
        return text


# {code: title} of the types of request. Types depend on policies, not the reverse, so `tickets.types` fills this in.
KINDS = {}


@dataclass(frozen=True)
class Code(Unit):
    """The code of a type of request, or * for all others."""

    name = "type"

    def clean(self, raw):
        text = cleaned_text(raw)
        if not re.fullmatch(r"\*|[a-z][a-z0-9_]{2,39}", text, re.ASCII):
            raise ValueError(_("Enter the code of a type of request, for example did_cancel, or * for all others."))
        if text != "*" and KINDS and text not in KINDS:
            raise ValueError(_("There is no type of request %(code)s.") % {"code": text})
        return text

    def show(self, stored):
        return _("any type") if stored == "*" else str(KINDS.get(stored, stored))


@dataclass(frozen=True)
class Choice(Unit):
    """One of the codes `of`; `called` holds display names as (code, name)."""

    of: tuple
    called: tuple = ()
    name = "choice"

    def clean(self, raw):
        text = cleaned_text(raw)
        if text not in self.of:
            raise ValueError(_("%(unknown)s is not one of: %(known)s.") % {"known": ", ".join(self.of), "unknown": text})
        return text

    def show(self, stored):
        return str(dict(self.called).get(stored, stored))


@dataclass(frozen=True)
class Words(Unit):
    """A list of codes separated by commas; `of` limits the codes, `pattern` their form. May be empty unless `may_be_empty` is false.

    `called` holds display names as (code, name).
    """

    of: tuple = ()
    called: tuple = ()
    pattern: str = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}"
    may_be_empty: bool = True
    name = "list"

    def clean(self, raw):
        words = raw.split(",") if isinstance(raw, str) else raw
        if not isinstance(words, list | tuple) or len(words) > 100:
            raise ValueError(_("Enter up to 100 codes, separated by commas."))
        words = [cleaned_text(word) for word in words if word != "" and not (isinstance(word, str) and not word.strip())]
        if not words and not self.may_be_empty:
            raise ValueError(_("Enter at least one code."))
        unknown = [word for word in words if (self.of and word not in self.of) or not re.fullmatch(self.pattern, word, re.ASCII)]
        if unknown and self.of:
            raise ValueError(_("%(unknown)s is not one of: %(known)s.") % {"known": ", ".join(self.of), "unknown": ", ".join(unknown)})
        if unknown:
            raise ValueError(_("Not a code: %(unknown)s.") % {"unknown": ", ".join(unknown)})
        return list(dict.fromkeys(words))

    def read(self, stored):
        return tuple(stored)

    def show(self, stored):
        names = dict(self.called)
        return ", ".join(str(names.get(code, code)) for code in stored) or _("none")


@dataclass(frozen=True)
class Languages(Words):
    """Languages by their ISO 639 codes, shown by their names."""

    pattern: str = r"[a-z]{2,3}"

    def show(self, stored):
        return ", ".join(str(_(LANG_INFO[code]["name"])) if code in LANG_INFO else code for code in stored) or _("none")


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Weekdays(Words):
    """Days of the week by their English abbreviations; read as numbers (Monday is 0) and shown as "Monday to Friday"."""

    of: tuple = WEEKDAYS

    def read(self, stored):
        return tuple(WEEKDAYS.index(day) for day in stored)

    def show(self, stored):
        days, parts = sorted(self.read(stored)), []
        for _shift, in_a_row in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
            named = [str(NAMES[day]) for _place, day in in_a_row]
            parts += [_("%(first)s to %(last)s") % {"first": named[0], "last": named[-1]}] if len(named) > 2 else named
        return ", ".join(parts) or _("none")
