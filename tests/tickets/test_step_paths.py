"""After any step another one can be taken, until the request has ended: no ticket is left that nobody can end."""

import contextlib
import datetime
import itertools

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from partners.models import Partner
from tests.cast import make_did
from tests.thorough import share
from tests.tickets.actions import ask, carry_out
from tests.tickets.test_emergency import ADDRESS
from tests.tickets.test_rma import CASE
from tickets.base import TicketType
from tickets.services import execution, unfinished_steps
from tickets.types import TYPES

pytestmark = pytest.mark.django_db


def rma(cast, now, requester, serial, region, accepted="34", **changes):
    Partner.objects.filter(pk=requester.partner_id).update(region=region)
    requester.partner.refresh_from_db()
    return ask(requester, "rma", now, accepted=accepted, serial=serial, **CASE | changes)


def porting(cast, now):
    day = (cast.porting.porting_date + datetime.timedelta(days=10)).isoformat()
    fields = {"did": cast.porting.number, "requested_date": day, "acknowledge_not_guaranteed": "on"}
    return ask(cast.nora, "porting_date_change", now, accepted="50", **fields)


def emergency(cast, now):
    dids = [make_did(f"+39080123450{place}", cast.winery_pbx, country="IT").number for place in (1, 2)]
    return ask(cast.sara, "emergency_activation", now, locations=[{"did": did} | ADDRESS for did in dids])


def special(cast, now):
    fields = {"pbx": cast.pbx.serial, "numbers": ["116117", "19222"], "purpose": "The doctors on duty are called from the reception."}
    return ask(cast.nora, "special_number_access", now, **fields)


BEGINNINGS = (
    ("porting_date_change", porting),
    ("emergency_activation", emergency),
    ("special_number_access", special),
    ("hwaas_return", lambda c, now: ask(c.nora, "hwaas_return", now, serials=["SN-SERVICE"], pickup_address="Kai 1, Kiel")),
    ("rma", lambda c, now: rma(c, now, c.nora, "SN-OWNED", "EU")),
    ("rma", lambda c, now: rma(c, now, c.nora, "SN-SCARCE", "EU")),
    ("rma", lambda c, now: rma(c, now, c.nora, "SN-OWNED", "OTHER", accepted=None, replacement="refurbished")),
    ("rma", lambda c, now: rma(c, now, c.alba, "SN-PUB", "UK")),
)


def answers(form):
    """Return all possible answers: every choice, the proposed or a fitting value; an optional field other than a text may also be
    omitted."""
    fields = form().fields
    every = itertools.product(*(_values(field) + [None] * _may_be_left_out(field) for field in fields.values()))
    return [{name: value for name, value in zip(fields, chosen, strict=True) if value is not None} for chosen in every]


def _may_be_left_out(field):
    return not field.required and type(field) is not forms.CharField


def _values(field):
    if field.initial:
        return [field.initial]
    if isinstance(field, forms.MultipleChoiceField):
        return [[value for value, _label in field.choices]]
    if isinstance(field, forms.ChoiceField):
        return [value for value, _label in field.choices if value]
    if isinstance(field, forms.DateField):
        return ["2026-12-01"]
    return ["87.5" if isinstance(field, forms.DecimalField) else "SPARE-1"]


def walk(ticket, agent, now, seen):
    """Take every open step with every answer, each from the ticket's current state; `seen` collects its states and its outcomes."""
    ticket.refresh_from_db()
    steps = {step.code: step for step in execution.open_steps(ticket, user=agent)}
    here = ticket.outcome or (ticket.status, ticket.waiting_for, *steps)
    left = [step.code for step in unfinished_steps.remaining(ticket)]
    assert left == [], f"{here}: it is over, and its page says that these are left; give a step only while its row in the estate waits"
    is_known = here in seen or ticket.is_over
    seen.add(here)
    if is_known:
        return
    led_on = {code for code, step in steps.items() for answer in answers(step.form) if _leads_on(ticket, step, answer, agent, now, seen)}
    ways = {code for code in led_on if not steps[code].aside}
    assert ways, f"{here}: only {led_on or 'nothing'} can be done"


def _leads_on(ticket, step, answer, agent, now, seen):
    form = step.form(answer)
    with contextlib.suppress(ValidationError), transaction.atomic():
        if form.is_valid():
            execution.take_step(ticket.pk, step.code, form, actor=agent, at=now)
            walk(ticket, agent, now, seen)
            transaction.set_rollback(True)
            return True
    return False


@pytest.mark.parametrize(("code", "begin"), share(BEGINNINGS))
def test_every_step_leads_to_an_end(cast, now, code, begin):
    ticket = carry_out(begin(cast, now), cast.agent, now)
    assert ticket.type_code == code
    seen = set()
    walk(ticket, cast.agent, now, seen)
    assert "executed" in seen


def test_every_type_with_steps_is_walked():
    walked = {code for code, _begin in BEGINNINGS}
    with_steps = {kind.code for kind in TYPES.values() if type(kind).steps is not TicketType.steps}
    assert with_steps - walked == set(), "add to BEGINNINGS how a request of this type is filed"
    assert walked - with_steps == set(), "this type has no steps"
