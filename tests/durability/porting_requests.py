"""Requests of these tests, and what must be true when they are executed exactly once."""

import datetime
from decimal import Decimal

from billing.models import LedgerEntry
from classound.models import PortingChange
from policies.days import add_business_days
from tests.cast import make_did
from tickets.models import Ticket
from tickets.services import execution, submission
from tickets.types import TYPES


def answers(cast, did):
    """Return the filled-in form that asks for another porting date."""
    return {
        "did": did.number,
        "requested_date": add_business_days(cast.today + datetime.timedelta(days=40), 1, "DE").isoformat(),
        "acknowledge_not_guaranteed": "on",
    }


def submit(cast, now, *, key=None, did=None):
    """Submit a change of a porting date that costs 50 EUR when executed. Each call has its own number."""
    count = Ticket.objects.count()
    number = did or make_did(
        f"+4989815{count:05}",
        cast.pbx,
        kind="ported",
        status="ordered",
        porting_date=cast.today + datetime.timedelta(days=30),
        porting_confirmed=True,
    )
    kind = TYPES["porting_date_change"]
    form = kind.form(answers(cast, number), partner=cast.nord)
    assert form.is_valid(), form.errors
    return submission.submit(submission.Request(kind, form, cast.nora, Decimal(50), key), at=now)


def carry_out(cast, now, ticket):
    return execution.request_execution(ticket.pk, actor=cast.agent, at=now)


def is_done(*tickets):
    """Return whether all are executed and nothing is left to post."""
    numbers = [ticket.pk for ticket in tickets]
    return Ticket.objects.filter(pk__in=numbers, execution="done", charges__posted_at__isnull=False).count() == len(numbers)


def assert_once(ticket):
    """Changed once, reported once, posted once, all in one transaction (by its single timestamp)."""
    kinds = list(ticket.events.values_list("kind", flat=True))
    assert [kinds.count(kind) for kind in ("applied", "charge_due", "posted")] == [1, 1, 1], kinds
    assert PortingChange.objects.filter(source=ticket.source).count() == 1
    entries = LedgerEntry.objects.filter(source=ticket.source)
    now = Ticket.objects.get(pk=ticket.pk)
    assert now.execution == "done"
    assert [(e.fee, e.amount, e.partner.code, e.created_at) for e in entries] == [("fee.porting_date_change", 50, "NORD", now.executed_at)]
