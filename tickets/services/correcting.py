"""The care team corrects a partner's answers, as long as only the partner has agreed to them; the price stays (decision 0187)."""

import json
from dataclasses import replace
from functools import partial

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from policies.verdict import AGAIN, DENIED
from tickets.fields import OneOf
from tickets.fields.words import changes, in_words, truncated
from tickets.models import Event, Ticket, TicketCharge
from tickets.services import outbox, search_index, submission
from tickets.services.execution import judge_again
from tickets.services.handling import compare
from tickets.services.lifecycle import NotNow, lock, open_if_new, owe_email, record
from tickets.services.progress import quote
from tickets.types import kind_of

E = Ticket.Execution
CHANGED = ("answers", "verdict", "subject", "topic", "execution", "execution_verdict", "updated_at")


class NotValid(Exception):
    """The `form` is not valid; see its errors."""

    def __init__(self, form):
        super().__init__("not valid")
        self.form = form


class Refused(Exception):
    """The corrected request differs from what was accepted: its `verdict` denies it, its price differs (`is_other_price`), or it meets
    a rule that was overridden only for the previous answers (`set_aside`, the findings). Nothing was saved; `form` has the input."""

    def __init__(self, form, verdict, *, set_aside=(), is_other_price=False):
        super().__init__("refused")
        self.form, self.verdict, self.set_aside, self.is_other_price = form, verdict, set_aside, is_other_price


def why_not(ticket):
    """Return the reason why the request can no longer be corrected, or "" while it can."""
    if ticket.is_over:
        return _("This request has ended and can no longer be corrected.")
    if any(ticket.confirmations.all()):
        return _("The parties have been asked to agree to exactly this. If it is wrong, reject it so that it can be requested again.")
    if ticket.waiting_for == Ticket.WaitingFor.CARRIER:
        return _("The carrier has been asked for exactly this.")
    if ticket.execution in (E.REQUESTED, E.DONE):
        return _("This is being carried out as requested.")
    return ""


def fields(kind):
    """Return the names of the correctable fields: all except the message, confirmations and the type's `binding` fields."""
    asked = kind.form.base_fields
    names = [name for name in kind.form.field_order or asked if name in asked and name not in ("message", *kind.binding)]
    return [name for name in names if not (isinstance(asked[name], forms.BooleanField) and str(asked[name].label).endswith("."))]


def typed(kind, data):
    """Return the submitted values (from a QueryDict) of these fields: {field: value in the form's format}."""
    return {name: kind.form.base_fields[name].widget.value_from_datadict(data, {}, name) for name in fields(kind)}


def texts(kind, answers):
    """Return stored answers as comparable texts: {field: text}. List order and line endings are ignored."""
    return {name: _text(answers.get(name)) for name in fields(kind)}


def _text(value):
    if value in (None, "", []) or value is False:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = sorted(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False).replace("\\r\\n", "\\n")


@transaction.atomic
def correct(number, given, *, seen, actor, at, leave=()):
    """Save the corrections (`given`, as from `typed`) against what was `seen` (as from `texts`), except the fields to `leave`.

    Return the Event, or None if nothing differs. Raise NotNow, NotValid, Conflict or Refused; then nothing is saved.
    """
    ticket = lock(number)
    kind = kind_of(ticket)
    if why := why_not(ticket):
        raise NotNow(why)
    form = kind.form({**ticket.answers, **given}, partner=ticket.partner)
    if not form.is_valid():
        raise NotValid(form)
    now, wanted = texts(kind, ticket.answers), form.as_json()
    touched = compare(now, seen, texts(kind, wanted), leave=leave, words=partial(_worded, kind))
    changed = [name for name, text in texts(kind, wanted).items() if name in touched and text != now[name]]
    if not changed:
        return None
    asked = {**ticket.answers, **{name: wanted.get(name) for name in changed}}
    asked = {name: value for name, value in asked.items() if value is not None}
    judged, answers, verdict = judge_again(ticket, at=at, asked=asked)
    if judged.errors:
        raise NotValid(judged)
    kept = _accepted(ticket, form, verdict, at)
    return _save(ticket, asked, answers, kept, changed, actor, at)


def _accepted(ticket, form, verdict, at):
    """Return the verdict to store, as JSON, if the partner's acceptance also covers it. Raise Refused. Update the charges' titles."""
    _form, _answers, present = judge_again(ticket, at=at)
    unforeseen = [one for one in verdict.findings if one.overridden and one not in present.findings]
    if unforeseen:
        bare = tuple(replace(one, overridden="") if one in unforeseen else one for one in verdict.findings)
        raise Refused(form, replace(verdict, findings=bare), set_aside=unforeseen)
    money = [*verdict.charges, *verdict.credits]
    quoted = list(ticket.charges.select_related("payer").exclude(kind=TicketCharge.Kind.REVERSAL).exclude(moment=AGAIN))
    is_same = _as_quoted(money) == _as_quoted([*present.charges, *present.credits])
    is_accepted = is_same or _sums(money) == _sums(quoted)
    if verdict.outcome == DENIED or not is_accepted:
        raise Refused(form, verdict, is_other_price=not is_accepted)
    if is_same:  # the original quote remains valid, even if it would be quoted differently now
        return verdict.as_json() | {part: ticket.verdict.get(part, []) for part in ("charges", "credits")}
    due = {row.fee for row in quoted if row.due_at}
    ticket.charges.filter(due_at=None).delete()
    quote(ticket, [charge for charge in money if charge.fee not in due])
    return verdict.as_json()


def _as_quoted(money):
    return sorted(str(charge.as_json()) for charge in money)


def _sums(money):
    """Return the amounts, payers and moments of Charges or TicketCharges alike, without what they are for."""
    payers = [getattr(charge.payer, "code", charge.payer) for charge in money]
    return sorted((c.kind, c.amount, c.currency, payer, c.moment) for c, payer in zip(money, payers, strict=True))


def _save(ticket, asked, answers, verdict, changed, actor, at):
    """Save, deriving everything from the answers again with the code of submission. Return the Event, which keeps the old verdict."""
    kind, before = kind_of(ticket), ticket.answers
    new = submission.derived(kind, answers, asked)
    corrections = [_correction(kind, name, before.get(name), asked.get(name), ticket.partner) for name in changed]
    body, judged = _in_words(kind, corrections), ticket.verdict
    ticket.answers, ticket.verdict, ticket.subject, ticket.topic = asked, verdict, new["subject"], new["topic"]
    if ticket.execution == E.REFUSED:  # it concerned the previous answers; the timeline keeps it
        ticket.execution, ticket.execution_verdict = E.NONE, None
    ticket.updated_at = at
    ticket.save(update_fields=CHANGED)
    search_index.prepend(ticket, new["subject"], new["words"])
    open_if_new(ticket, at=at)
    event = record(ticket, Event.Kind.STATUS, actor=actor, at=at, body=body, corrections=corrections, verdict=judged)
    owe_email(ticket, "progress", at=at, about=event.pk)
    submission.begin(ticket, answers, at=at)
    outbox.notify_after_commit()
    return event


def _correction(kind, name, old, new, partner):
    """Return the timeline entry of a field: both answers and, for objects with names, how they were `called` at the time."""
    kept, called = {"field": name, "old": old, "new": new}, [_called(kind.form.base_fields[name], one, partner) for one in (old, new)]
    return kept if called == [old, new] else kept | {"called": called}


def _in_words(kind, corrections):
    """Return the corrections for the partner's e-mail, one per line, with names for PBXs, devices and customers."""
    before, after = ({one["field"]: one.get("called", (one["old"], one["new"]))[side] for one in corrections} for side in (0, 1))
    lines = [f"{label}: {truncated(old)} → {truncated(new)}" for label, old, new in differences(kind, before, after)]
    return "\n".join([_("We have corrected your request:"), *lines])


def _called(field, value, partner):
    if not isinstance(field, OneOf) or not value:
        return value
    codes = value if isinstance(value, list) else [value]
    titles = field.titles(codes, partner)
    named = [field.called(code, titles[code]) if code in titles else code for code in codes]
    return named if isinstance(value, list) else named[0]


def differences(kind, before, after):
    """Return the differences between the answers, in words: [(label, old, new)]."""
    then, now = texts(kind, before), texts(kind, after)
    changed = [name for name in then if then[name] != now[name]]
    return [one for name in changed for one in changes(kind.form.base_fields[name], before.get(name), after.get(name))]


def _worded(kind, differences):
    """Return the differences in words, as `handling.worded` does for owner, priority and status."""
    asked = kind.form.base_fields
    return [
        {"field": d.field, "label": asked[d.field].label, "is_clash": d.is_clash}
        | {name: in_words(asked[d.field], value_of(getattr(d, name))) or "–" for name in ("old", "theirs", "yours")}
        for d in differences
    ]


def value_of(text):
    """Return the value of a text from `texts`; a submitted text may not be valid JSON and is returned as it is."""
    try:
        return json.loads(text) if text else ""
    except ValueError:
        return text
