"""Trials of policy values: a worker judges past requests again, without and with the value (decision 0183).

The requests themselves stay unchanged. A slice is one transaction; a trial that is killed anywhere continues with the next one.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from classound.models import Did, PortingChange
from desk.models import Rehearsal, RehearsedRequest
from desk.services import action_runner
from engine.prepared_queries import cache_related
from hwaas.models import Device
from policies.catalog import POLICIES
from policies.models import PolicyValue
from policies.verdict import ALLOWED, DENIED, DENY, Charge
from tickets.models import Ticket
from tickets.models.ticket import CARRIED_OUT
from tickets.services.execution import judge_again, with_overrides
from tickets.services.outbox import send_task
from tickets.types import TYPES, kind_of

PAST = timedelta(days=90)
SLICE = 25  # requests; takes about half a second
NEVER_CHARGED = (Ticket.Outcome.WITHDRAWN, Ticket.Outcome.REJECTED, Ticket.Outcome.MERGED)  # listed, but not counted in the sums
Effect = RehearsedRequest.Effect


class Price(NamedTuple):
    """The quoted price of a request that cannot be judged again; it has the attributes of a Verdict that are still known."""

    outcome: str
    charges: tuple
    credits: tuple = ()
    possible_from: None = None


def start(row, user, *, at, posted=()):
    """Queue a trial of a PolicyValue, saved or not, on the requests of the last 90 days whose type uses its rule. Return the Rehearsal.

    Each request is judged for its own day against the present estate, except that its own effect is taken back. A request whose objects
    have changed for another reason, such as a number that another request has cancelled, counts as `unknown`; if the value is a fee, the
    price quoted then is compared all the same. A person's unfinished trial of the same value is returned instead of a new one.
    """
    asked = {"code": row.code, "valid_from": row.valid_from, "value": row.value, "basis": row.basis}
    if waiting := Rehearsal.objects.filter(**asked, by=user, finished_at=None).first():
        return waiting
    with transaction.atomic():
        trial = Rehearsal.objects.create(**asked, note=row.note, by=user, posted=list(posted), asked_at=at, moved_at=at)
        transaction.on_commit(lambda: send_task("desk.tasks.rehearse", trial.pk))
    return trial


def latest(row):
    """Return the latest Rehearsal of the same value for the same day, or None."""
    same = Rehearsal.objects.filter(code=row.code, valid_from=row.valid_from, value=row.value, basis=row.basis)
    return same.select_related("by").order_by("-pk").first()


def stop(trial, *, at):
    """Judge no further requests; keep the results so far."""
    Rehearsal.objects.filter(pk=trial.pk, finished_at=None).update(finished_at=at)


def stalled(*, before):
    """Return the keys of unfinished trials without progress since then."""
    return list(Rehearsal.objects.filter(finished_at=None, moved_at__lt=before).values_list("pk", flat=True))


@transaction.atomic
def work(pk, *, at):
    """Judge the next SLICE requests. Return whether there are more. Safe to call at any time, concurrently and repeatedly."""
    rows = Rehearsal.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("by", "reached")
    trial = rows.filter(pk=pk, finished_at=None).first()
    if trial is None:
        return False
    tickets = _tickets(trial)
    if trial.total is None:
        trial.total = tickets.order_by().count()
    found = list(_after(tickets, trial.reached)[:SLICE])
    book = PolicyValue.objects.book(on=trial.asked_at.date(), known_at=trial.asked_at)
    money = Counter({currency: Decimal(amount) for currency, amount in trial.money.items()})
    RehearsedRequest.objects.bulk_create(filter(None, [_rehearsed(trial, ticket, book, money) for ticket in found]))
    trial.money = {currency: str(amount) for currency, amount in money.items() if amount}
    trial.reached, trial.moved_at = found[-1] if found else trial.reached, at
    trial.finished_at = at if len(found) < SLICE else None
    trial.save()
    return trial.finished_at is None


def _tickets(trial):
    kinds = [kind.code for kind in TYPES.values() if POLICIES[trial.code].rule in kind.rules]
    filed = Q(created_at__gt=trial.asked_at - PAST, created_at__lte=trial.asked_at)
    return Ticket.objects.visible_to(trial.by).filter(filed, type_code__in=kinds)


def _after(tickets, last):
    """Return the tickets after the last one processed, the newest first."""
    if last:
        tickets = tickets.filter(created_at__lte=last.created_at).exclude(created_at=last.created_at, number__gte=last.number)
    tickets = tickets.select_related("partner", "requester")
    return tickets.prefetch_related("confirmations", "charges__payer", "attachments", "overrides__by").order_by("-created_at", "-number")


def _rehearsed(trial, ticket, book, money):
    """Return the RehearsedRequest of a ticket whose result would have been different, else None; update the counts and `money`."""
    present = book.at(ticket.policy_on)
    supposed = present.supposing(trial.code, trial.value)
    try:
        with transaction.atomic():
            sides = _judged(ticket, present, supposed) or _quoted(ticket, trial.code, supposed)
    except Exception as error:  # one broken request must not block the others
        action_runner.failure_reason(error, f"Judging ticket {ticket.pk} again in rehearsal {trial.pk}")
        sides = None
    if sides is None:
        trial.unknown += 1
        return None
    trial.judged += 1
    before, after = sides
    if _essence(before) == _essence(after):
        return None
    if ticket.outcome not in NEVER_CHARGED:
        money.update(total(after))
        money.subtract(total(before))
    return RehearsedRequest(rehearsal=trial, ticket=ticket, effect=_effect(before, after), before=_kept(before), after=_kept(after))


def _effect(before, after):
    """Return the Effect: whether the request is possible at all outweighs from when, which outweighs what it costs."""
    if DENIED in (before.outcome, after.outcome) and before.outcome != after.outcome:
        return Effect.REFUSED if after.outcome == DENIED else Effect.ALLOWED
    if before.possible_from and after.possible_from and before.possible_from != after.possible_from:
        return Effect.LATER if after.possible_from > before.possible_from else Effect.SOONER
    more = sum(total(after).values()) - sum(total(before).values())  # of one partner, so of one currency
    if more:
        return Effect.DEARER if more > 0 else Effect.CHEAPER
    if before.outcome != after.outcome:
        return Effect.NO_REVIEW if after.outcome == ALLOWED else Effect.REVIEW
    return Effect.OTHERWISE


def _kept(verdict):
    day = verdict.possible_from
    costs = {currency: str(amount) for currency, amount in sorted(total(verdict).items()) if amount}
    return {"outcome": verdict.outcome, "costs": costs, "possible_from": day and day.isoformat()}


def _judged(ticket, present, supposed):
    """Return both verdicts, reading the estate once, or None if the ticket can no longer be judged as it was then."""
    form, answers, before = judge_again(ticket, at=ticket.created_at, book=present, put_back=_put_back)
    if form.errors or before.outcome == DENIED != ticket.verdict["outcome"]:
        return None
    after = kind_of(ticket).judge(answers, book=supposed, today=ticket.created_at.date())
    return before, with_overrides(ticket, after)


def _put_back(ticket, answers):
    """Restore the request's objects, in memory only, to their state before the ticket was executed."""
    is_done = ticket.outcome in CARRIED_OUT
    for thing in answers.things():
        if is_done and isinstance(thing, Did) and thing.status == Did.Status.CANCELLED:
            thing.status = Did.Status.ACTIVE
        elif is_done and isinstance(thing, Device):
            thing.state = Device.State.IN_USE
        for row in _without_own_rows(ticket, thing):
            if isinstance(row, PortingChange):
                thing.porting_date = row.previous_date


def _without_own_rows(ticket, thing):
    """Leave out what the ticket itself has begun, such as an RMA, of the rows that rules read: while it is open, they refuse another.

    Return the rows left out. The source of a row for one item of several begins with that of the ticket.
    """
    found = []
    for name, rows in tuple(getattr(thing, "_prefetched_objects_cache", {}).items()):
        own = [row for row in rows if f"{getattr(row, 'source', '')}:".startswith(f"{ticket.source}:")]
        if own:
            cache_related(thing, name, [row for row in rows if row not in own])
        found += own
    return found


def _quoted(ticket, code, book):
    """If the value is a fee that the ticket was quoted, return [Price as quoted, Price as it would have been]; else None."""
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
    """Return the costs of the request, {currency: amount}: charges that are not contingent, less credits."""
    money = Counter()
    for charge in verdict.charges:
        money[charge.currency] += 0 if charge.contingent else charge.amount
    for credit in verdict.credits:
        money[credit.currency] -= credit.amount
    return money


def _essence(verdict):
    """Return the parts by which verdicts are compared: outcome, objections with their dates, and money; not the wording."""
    findings = getattr(verdict, "findings", ())
    standing = sorted((f.rule, f.effect, f.subject, f.needs, str(f.allowed_from)) for f in findings if f.effect == DENY or f.needs)
    money = sorted(str(charge.as_json()) for charge in (*verdict.charges, *verdict.credits))
    return verdict.outcome, standing, money
