"""A ticket's answers for display: the stored values, with the names of the assets they refer to."""

import datetime

from django import forms

from classound.numbers import grouped
from tickets.consents import names_of
from tickets.fields import DidsField, InvoiceLinesField, IsoDateField, OneOf, OtherPartnerField, RowsField
from tickets.fields.words import changes, display_value
from tickets.models import Confirmation
from tickets.types import kind_of
from web.sparse import Sparse


def read(ticket, titles=None, events=()):
    """Return the answers as a list of {label, value} (or number and display, or lines) in form order, with `old` where a value changes.

    `titles` are display names, {field: {code: name}}, see `titles_from_database` and `titles_from_answers`. The `events`,
    oldest first, add `corrected`, {was, by, at}, to an answer that was corrected after submission.
    """
    form, corrected = kind_of(ticket).form, _corrected(ticket, events)
    present_names = ticket.answers.keys() | corrected
    names = [name for name in form.field_order or form.base_fields if name in present_names and name != "message"]
    # Optional confirmations that were not given are left out.
    names = [name for name in names if ticket.answers.get(name) or not _is_sentence(form.base_fields[name])]
    present = kind_of(ticket).current_values(ticket)
    shown = []
    for name in names:
        field, value = form.base_fields[name], ticket.answers.get(name, "")
        if value and (known := (titles or {}).get(name)):
            value = _named(field, value, known)
        shown.append(Sparse(_shown(field, value) | ({"old": present[name]} if present.get(name) else {}) | corrected.get(name, {})))
    return shown


def _named(field, value, known):
    """Return the answer with display names where they are `known`: {code: name}, or {number of a line: (description, currency)}."""
    if isinstance(field, InvoiceLinesField):
        return field.described(value, known)
    codes = [field.called(code, known[code]) if code in known else code for code in _listed(value)]
    return codes if isinstance(value, list) else codes[0]


def _corrected(ticket, events):
    """Return {field: {"corrected": {was, by, at}}} for answers changed since submission: the submitted value, and who changed it last."""
    fields, first, called, last = kind_of(ticket).form.base_fields, {}, {}, {}
    for event in events:
        for one in event.corrections:
            first.setdefault(one["field"], one["old"])
            called.setdefault(one["field"], one.get("called", (one["old"],))[0])
            last[one["field"]] = {"by": str(event.actor or ""), "at": event.at}
    changed = [name for name in first if name in fields and first[name] != ticket.answers.get(name)]
    changed_cells = {name: changes(fields[name], called[name], ticket.answers.get(name)) for name in changed}
    return {name: {"corrected": last[name] | {"was": _was(fields[name], changed_cells[name])}} for name in changed}


def _was(field, changed_cells):
    """Return the previous value; of several cells, each with its label."""
    return "\n".join(old if label == str(field.label) else f"{label}: {old}" for label, old, _new in changed_cells)


def titles_from_database(ticket):
    """Return the titles of the assets the ticket names, with one query for each field that names any.

    A reseller or end user that has moved to another partner keeps the name it had when the parties were asked: its previous partner may
    not see the name it has there.
    """
    fields = {name: field for name, field in _assets(ticket) if name in ticket.answers}
    titles = {name: field.titles(_listed(ticket.answers[name]), ticket.partner) for name, field in fields.items()}
    there = ticket.answers
    titles |= {name: field.titles(there[name], there[field.of], ticket.partner) for name, field in _lines(ticket) if name in there}
    titles |= _asked_to_agree(ticket)
    moved = kind_of(ticket).moved
    if moved in titles and not titles[moved]:
        called = [row.name for row in ticket.confirmations.all() if row.party == Confirmation.Party.SUBJECT]
        titles[moved] = dict(zip([ticket.answers[moved]], called, strict=False))
    return titles


def with_missing_assets(ticket, asked):
    """Return the answers as just judged, completed with assets that have since been terminated or moved, in their present state.

    For the care team, whoever owns the assets now. No query if nothing is missing.
    """
    gone = {name: field for name, field in _assets(ticket) if ticket.answers.get(name) and not asked.get(name)}
    return asked | {name: field.anywhere(_listed(ticket.answers[name])) for name, field in gone.items()}


def titles_from_answers(ticket, asked):
    """Return the titles of the assets the ticket names, from the answers as just judged (tickets.base.Answers)."""
    fields = {name: field for name, field in _assets(ticket) if asked.get(name)}
    titles = {
        name: {getattr(row, field.key): field.title(row) for row in _listed(asked[name]) if field.shows} for name, field in fields.items()
    }
    invoices = {name: one for name, field in _lines(ticket) for one in _listed(asked.get(field.of)) if one}
    titles |= {name: {line.line: (line.description, one.currency) for line in one.lines.all()} for name, one in invoices.items()}
    return titles | _asked_to_agree(ticket)


def _asked_to_agree(ticket):
    """Return the names of the partners that have to agree."""
    fields = kind_of(ticket).form.base_fields.items()
    return {name: names_of(ticket) for name, field in fields if isinstance(field, OtherPartnerField)}


def _is_sentence(field):
    """Return whether the field is a confirmation: a tick box whose label is a whole sentence."""
    return isinstance(field, forms.BooleanField) and str(field.label).endswith(".")


def _assets(ticket):
    return [(name, field) for name, field in kind_of(ticket).form.base_fields.items() if isinstance(field, OneOf)]


def _lines(ticket):
    return [(name, field) for name, field in kind_of(ticket).form.base_fields.items() if isinstance(field, InvoiceLinesField)]


def _listed(value):
    return value if isinstance(value, list) else [value]


def _table(fields, rows):
    """Return rows of answers as {columns, rows}, without empty columns; each cell has its column's label."""
    names = [name for name in fields if any(row.get(name) not in (None, "") for row in rows)]
    labels = {name: str(fields[name].label) for name in names}
    shown = [[{"label": labels[name], "value": _cell(fields[name], row.get(name, ""))} for name in names] for row in rows]
    return {"columns": list(labels.values()), "rows": shown}


def _cell(field, value):
    shown = _shown(field, value) if value != "" else {}
    return shown.get("display") or shown.get("value", value)


def _shown(field, value):
    label = str(field.label)
    if isinstance(field, RowsField):
        return {"label": label} | _table(field.row_form.base_fields, value)
    if isinstance(field, DidsField):
        if not value:
            return {"label": label, "value": ""}
        lines = [{"number": text, "display": grouped(text)} for text in (value if isinstance(value, list) else [value])]
        return {"label": label, **lines[0]} if len(lines) == 1 else {"label": label, "lines": lines}
    if isinstance(value, list):
        return {"label": label, "lines": value}
    if isinstance(field, IsoDateField) and value:
        return {"label": label, "value": datetime.date.fromisoformat(value)}
    return {"label": label, "value": display_value(field, value)} | ({"is_sentence": True} if _is_sentence(field) else {})
