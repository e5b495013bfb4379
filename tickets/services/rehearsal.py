"""What a policy value would have changed: past requests are judged once more, without it and with it. Nothing is written."""

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction

from classound.models import Did, PortingChange
from hwaas.models import Device, Rma
from policies.catalog import POLICIES
from policies.models import PolicyValue
from policies.verdict import DENIED, DENY, Charge, Verdict
from tickets.models import Ticket
from tickets.models.ticket import CARRIED_OUT
from tickets.services.execution import judge_again, set_aside
from tickets.types import TYPES, kind_of

PAST = timedelta(days=90)
MOST = 300  # requests at most, the newest: somebody waits for them
PATIENCE = 6  # seconds after which the rest, the older ones, is left out
NEVER_CHARGED = (Ticket.Outcome.WITHDRAWN, Ticket.Outcome.REJECTED, Ticket.Outcome.MERGED)  # listed, but not counted as money
TURN = 7_305_002  # the advisory lock: judging hundreds of requests is all that one process does, so one trial at a time


class Price(NamedTuple):
    """What was quoted, of a request that cannot be judged again: of a Verdict what can still be said."""

    outcome: str
    charges: tuple
    credits: tuple = ()
    possible_from: None = None


@dataclass(frozen=True)
class Change:
    """One request that would have been judged, or charged, otherwise."""

    ticket: Ticket
    before: Verdict | Price
    after: Verdict | Price


@dataclass
class Rehearsal:
    """How many were `judged`, how many could not be (`unknown`), what changes, and the money by currency; `is_cut`: of the newest only."""

    judged: int = 0
    unknown: int = 0
    is_cut: bool = False
    changes: list = field(default_factory=list)
    money: Counter = field(default_factory=Counter)


@transaction.atomic
def rehearse(row, user, *, at):
    """The Rehearsal of a PolicyValue (which need not be saved) over the requests of the last 90 days whose type knows its rule.

    Each is judged for its own day by things as they are now, but for what it did to them itself. What has become otherwise for another
    cause, like a number that another request has cancelled, is `unknown`; of a fee what was quoted is known all the same.
    None while another value is being tried.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
        if not cursor.fetchone()[0]:
            return None
    kinds = [kind.code for kind in TYPES.values() if POLICIES[row.code].rule in kind.rules]
    tickets = Ticket.objects.visible_to(user).filter(type_code__in=kinds, created_at__gte=at - PAST).select_related("partner", "requester")
    tickets = tickets.prefetch_related("confirmations", "charges__payer", "attachments", "overrides__by").order_by("-created_at", "-number")
    found = list(tickets[: MOST + 1])
    told, book = Rehearsal(is_cut=len(found) > MOST), PolicyValue.objects.book(on=at.date())
    end = time.monotonic() + PATIENCE
    for ticket in found[:MOST]:
        if told.judged + told.unknown and time.monotonic() > end:
            told.is_cut = True
            break
        present = book.at(ticket.policy_on)
        supposed = present.supposing(row.code, row.value, row.basis)
        sides = _judged(ticket, present, supposed) or _quoted(ticket, row.code, supposed)
        if sides is None:
            told.unknown += 1
            continue
        told.judged += 1
        before, after = sides
        if _essence(before) != _essence(after):
            told.changes.append(Change(ticket, before, after))
            if ticket.outcome not in NEVER_CHARGED:
                told.money.update(total(after))
                told.money.subtract(total(before))
    return told


def _judged(ticket, present, supposed):
    """The verdicts by both books, for which the estate is read once; None where the ticket cannot be judged any more as it was then."""
    form, answers, before = judge_again(ticket, at=ticket.created_at, book=present, put_back=_put_back)
    if form.errors or before.outcome == DENIED != ticket.verdict["outcome"]:
        return None
    after = kind_of(ticket).judge(answers, book=supposed, today=ticket.created_at.date())
    return before, set_aside(ticket, after)


def _put_back(ticket, answers):
    """Numbers and devices as they were before the ticket was executed; only what was read of them changes."""
    is_done = ticket.outcome in CARRIED_OUT
    named = [one for answer in answers.values() for one in (answer if isinstance(answer, list) else [answer])]
    for thing in (getattr(one, "did", one) for one in named):
        if isinstance(thing, Did):
            if is_done and thing.status == Did.Status.CANCELLED:
                thing.status = Did.Status.ACTIVE
            for change in thing.porting_changes.all():
                if change.source == ticket.source:
                    change.outcome, thing.porting_date = PortingChange.Outcome.REFUSED, change.previous_date
        elif isinstance(thing, Device):
            if is_done:
                thing.state = Device.State.IN_USE
            for rma in thing.rmas.all():
                if rma.source == ticket.source:
                    rma.state = Rma.State.RETURNED


def _quoted(ticket, code, book):
    """Where the value is a fee that the ticket was quoted: [Price as quoted, Price as it would have been]; else None."""
    value = book.value(code)
    kept = list(ticket.charges.all())
    if not isinstance(value, Decimal) or code not in {charge.fee for charge in kept}:
        return None
    before, credits = [_charge(row) for row in kept if not row.is_credit], tuple(_charge(row) for row in kept if row.is_credit)
    after = [replace(charge, amount=value) if charge.fee == code else charge for charge in before]
    return [Price(ticket.verdict["outcome"], tuple(charges), credits) for charges in (before, after)]


def _charge(row):
    return Charge(row.fee, row.title, row.amount, row.currency, row.payer.code, row.moment, row.kind)


def total(verdict):
    """What the request costs, {currency: amount}: charges that are not contingent, less credits."""
    money = Counter()
    for charge in verdict.charges:
        money[charge.currency] += 0 if charge.contingent else charge.amount
    for credit in verdict.credits:
        money[credit.currency] -= credit.amount
    return money


def _essence(verdict):
    """By what verdicts are compared: the outcome, who stands against it and until when, the money; not how it is said."""
    findings = getattr(verdict, "findings", ())
    standing = sorted((f.rule, f.effect, f.subject, f.needs, str(f.allowed_from)) for f in findings if f.effect == DENY or f.needs)
    money = sorted(str(charge.as_json()) for charge in (*verdict.charges, *verdict.credits))
    return verdict.outcome, standing, money
