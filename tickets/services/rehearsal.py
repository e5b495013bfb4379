"""What a policy value would have changed: past requests are judged once more, without it and with it. Nothing is written."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from policies.catalog import POLICIES
from policies.models import PolicyValue
from policies.verdict import DENIED, DENY, Verdict
from tickets.models import Ticket
from tickets.services.execution import judge_again
from tickets.types import TYPES

PAST = timedelta(days=90)
MOST = 300  # requests at most, the newest: somebody waits for them


@dataclass(frozen=True)
class Change:
    """One request that would have been judged otherwise."""

    ticket: Ticket
    before: Verdict
    after: Verdict


@dataclass
class Rehearsal:
    """How many were `judged` (the newest, if `is_cut`), how many could not be (`unknown`), what changes, and the money by currency."""

    judged: int = 0
    unknown: int = 0
    is_cut: bool = False
    changes: list = field(default_factory=list)
    money: Counter = field(default_factory=Counter)


def rehearse(row, user, *, at):
    """The Rehearsal of a PolicyValue (which need not be saved) over the requests of the last 90 days whose type knows its rule.

    Each is judged for its own day by things as they are now, so what is no longer there, like a cancelled number, is `unknown`.
    """
    kinds = [kind.code for kind in TYPES.values() if POLICIES[row.code].rule in kind.rules]
    tickets = Ticket.objects.visible_to(user).filter(type_code__in=kinds, created_at__gte=at - PAST).select_related("partner", "requester")
    tickets = tickets.prefetch_related("confirmations", "charges", "attachments", "overrides__by").order_by("-created_at", "-number")
    found = list(tickets[: MOST + 1])
    told, book = Rehearsal(is_cut=len(found) > MOST), PolicyValue.objects.book(on=at.date())
    for ticket in found[:MOST]:
        present = book.at(ticket.policy_on)
        form, _answers, before = judge_again(ticket, at=ticket.created_at, book=present)
        if form.errors or before.outcome == DENIED != ticket.verdict["outcome"]:
            told.unknown += 1
            continue
        told.judged += 1
        after = judge_again(ticket, at=ticket.created_at, book=present.supposing(row.code, row.value, row.basis))[2]
        if _essence(before) != _essence(after):
            told.changes.append(Change(ticket, before, after))
            told.money.update(total(after))
            told.money.subtract(total(before))
    return told


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
    standing = sorted((f.rule, f.effect, f.subject, f.needs, str(f.allowed_from)) for f in verdict.findings if f.effect == DENY or f.needs)
    money = sorted(str(charge.as_json()) for charge in (*verdict.charges, *verdict.credits))
    return verdict.outcome, standing, money
