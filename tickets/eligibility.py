"""Asset pickers: each candidate is judged by the type's own `decide`, as if it alone had been chosen."""

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.amounts import in_short
from classound.numbers import grouped
from policies.verdict import DENY
from tickets.answers import Answers
from tickets.fields import AssetPicker, InvoiceLinesField


@dataclass(frozen=True)
class Row:
    """One row of a picker: what can be chosen, or why not and from when."""

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
        """Whether it is possible from a later day, and an exception could be made before."""
        return bool(self.allowed_from) and self.may_be_overridden


class Listed(NamedTuple):
    """What a picker lists: its rows, whether there are more than are listed, and whether nothing was found."""

    rows: list
    more: bool
    nothing: bool

    @property
    def excusable(self):
        """Whether something listed is possible from a later day only, and an exception could be made."""
        return any(row.excusable for row in self.rows)


def fill_pickers(kind, form, *, chosen, book, today, query, exception="", look=False):
    """Give each asset picker of a form its rows; `chosen` are the values ticked now: {field: [value]}.

    `query` is added to the address that finds more rows ("?partner=…" at the desk); `exception` is where partners ask for what is not
    possible; `look`: that the page lists the lines of what is chosen without scripts, too.
    """
    for name, field in form.fields.items():
        if isinstance(field, InvoiceLinesField):
            field.list_lines(form, chosen.get(field.of, []))
            field.widget.look = look
        if isinstance(field.widget, AssetPicker):
            field.widget.listed = listed(kind, form, name, query="", chosen=chosen.get(name, []), book=book, today=today)
            field.widget.nothing, field.widget.query, field.widget.exception = field.nothing, query, exception
            field.widget.url = reverse("portal:choose", args=[kind.code, name]) + query


def listed_anew(form, sent, chosen):
    """The fields of an empty form whose lines the page shows of another invoice than is chosen by now; `sent` is what it sent."""
    fields = [(name, field) for name, field in form.fields.items() if isinstance(field, InvoiceLinesField)]
    changed = [(name, field) for name, field in fields if sent.get(f"{name}-of", "") != sent.get(field.of, "")]
    for _name, field in changed:
        field.list_lines(form, chosen.get(field.of, []))
    return [form[name] for name, _field in changed]


def listed(kind, form, name, *, query, chosen, book, today):
    """What is chosen first, then what the query finds. Judging costs no query a row."""
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
    """The one of several denials to show: what time does not cure, else what holds longest."""
    return max(denials, key=lambda finding: finding.allowed_from or datetime.date.max)


def submit_label(verdict, own):
    """What the submit button says: what it costs the one who presses it."""
    currency = verdict.charges[0].currency if verdict and verdict.charges else ""
    return _("Submit and accept %(amount)s") % {"amount": in_short(own, currency)} if own else _("Submit request")
