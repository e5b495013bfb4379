"""Asset pickers: each candidate is judged by the type's own `decide`, as if it were the only one chosen."""

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.amounts import format_amount_short
from classound.numbers import grouped
from policies.verdict import DENY
from tickets.answers import Answers
from tickets.fields import AssetPicker, InvoiceLinesField


@dataclass(frozen=True)
class Row:
    """One row of a picker: a candidate that can be chosen, or why not and from when."""

    value: str
    title: str
    display: str
    detail: str
    usable: bool
    reason: str
    allowed_from: object
    checked: bool
    may_be_overridden: bool

    @property
    def excusable(self):
        """Return whether it becomes possible on a later day and an exception could be made before."""
        return bool(self.allowed_from) and self.may_be_overridden


class Listed(NamedTuple):
    """The contents of a picker: its rows, whether there are more, and whether nothing was found."""

    rows: list
    more: bool
    nothing: bool

    @property
    def excusable(self):
        """Return whether any row is possible only from a later day and an exception could be made."""
        return any(row.excusable for row in self.rows)


def fill_pickers(kind, form, *, chosen, book, today, query, exception="", look=False):
    """Fill each asset picker of a form with its rows; `chosen` are the values currently ticked: {field: [value]}.

    `query` is appended to the URL that finds more rows ("?partner=…" at the desk); `exception` is the URL for requesting an exception;
    `look`: whether the page also lists the lines of the chosen invoice without scripts.
    """
    for name, field in form.fields.items():
        if isinstance(field, InvoiceLinesField):
            field.list_lines(form, chosen.get(field.of, []))
            field.widget.look = look
        if isinstance(field.widget, AssetPicker):
            field.widget.listed = listed(kind, form, name, query="", chosen=chosen.get(name, []), book=book, today=today)
            field.widget.nothing, field.widget.query, field.widget.exception = field.nothing, query, exception
            field.widget.url = reverse("portal:choose", args=[kind.code, name]) + query


def fields_to_refresh(form, sent, chosen):
    """Return the fields of an empty form whose listed lines belong to a different invoice from the one now chosen in `sent`."""
    fields = [(name, field) for name, field in form.fields.items() if isinstance(field, InvoiceLinesField)]
    changed = [(name, field) for name, field in fields if sent.get(f"{name}-of", "") != sent.get(field.of, "")]
    for _name, field in changed:
        field.list_lines(form, chosen.get(field.of, []))
    return [form[name] for name, _field in changed]


def listed(kind, form, name, *, query, chosen, book, today):
    """Return the chosen rows first, then those matching the query. Judging needs no query per row."""
    field = form.fields[name]
    most = field.listed
    found = field.candidates(query, most + 1)
    missing = set(chosen) - {candidate.value for candidate in found[:most]}
    kept = field.ticked(missing) if missing else []
    shown = [_row(kind, form, name, candidate, field.many, chosen, book, today) for candidate in (*kept, *found[:most])]
    return Listed(sorted(shown, key=lambda row: (not row.checked, not row.usable)), len(found) > most, not found)


def _row(kind, form, name, candidate, many, chosen, book, today):
    answers = Answers({name: [candidate.answer] if many else candidate.answer}, partner=form.partner)
    denials = [f for f in kind.decide(answers, book=book, today=today).findings if f.effect == DENY and f.field == name]
    cure = kind.possible_from(denials, answers, book=book, today=today, field=name)
    return Row(
        candidate.value,
        candidate.title,
        grouped(candidate.title),
        candidate.detail,
        not denials,
        str(_what_holds(denials).message) if denials else "",
        cure,
        candidate.value in chosen,
        all(f.may_be_overridden for f in denials),
    )


def _what_holds(denials):
    """Return the denial to show: a permanent one, or else the one that lasts longest."""
    return max(denials, key=lambda finding: finding.allowed_from or datetime.date.max)


def submit_label(verdict, own):
    """Return the text of the submit button, with the amount the user accepts."""
    currency = verdict.charges[0].currency if verdict and verdict.charges else ""
    return _("Submit and accept %(amount)s") % {"amount": format_amount_short(own, currency)} if own else _("Submit request")
