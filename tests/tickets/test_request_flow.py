"""The main job through the services: requested, judged, accepted, executed, posted once."""

import datetime
from decimal import Decimal

import pytest

from billing.models import LedgerEntry
from tests.tickets.actions import ask, carry_out
from tickets.models import Ticket
from tickets.services import execution, outbox, submission


def test_number_is_cancelled(cast, now):
    ticket = ask(cast.nora, "did_cancel", now, dids=["+49 89 8100 0400"])
    assert (ticket.status, ticket.verdict["outcome"]) == ("new", "allowed")
    carry_out(ticket, cast.agent, now)
    cast.did.refresh_from_db()
    assert (ticket.status, ticket.outcome) == ("solved", "executed")
    assert (cast.did.status, cast.did.cancelled_on) == ("cancelled", now.date())


def test_porting_change_is_charged_once_on_sending_and_answered_later(cast, now):
    new_date = cast.porting.porting_date + datetime.timedelta(days=10)
    ticket = ask(
        cast.nora,
        "porting_date_change",
        now,
        accepted=Decimal(50),
        did=cast.porting.number,
        requested_date=new_date.isoformat(),
        acknowledge_not_guaranteed="on",
    )
    carry_out(ticket, cast.agent, now)
    assert (ticket.status, ticket.waiting_for) == ("on_hold", "carrier")
    execution.execute(ticket.pk, at=now)
    outbox.post_charges(ticket.pk, at=now)
    entry = LedgerEntry.objects.get()
    assert (entry.partner, entry.amount, entry.currency, entry.fee, entry.ticket_number) == (
        cast.nord,
        50,
        "EUR",
        "fee.porting_date_change",
        ticket.pk,
    )
    step = execution.open_steps(ticket, user=cast.agent)[0]
    form = step.form({"outcome": "confirmed", "confirmed_date": new_date.isoformat()})
    assert form.is_valid()
    execution.take_step(ticket.pk, "carrier_outcome", form, actor=cast.agent, at=now)
    cast.porting.refresh_from_db()
    assert cast.porting.porting_date == new_date
    assert Ticket.objects.get().outcome == "executed"
    assert LedgerEntry.objects.count() == 1


def test_denied_request_creates_no_ticket(cast, now):
    with pytest.raises(submission.Denied) as refused:
        ask(cast.nora, "did_cancel", now, dids=[cast.young.number])
    finding = refused.value.verdict.findings[0]
    assert (finding.rule, finding.allowed_from) == ("DID-1", datetime.date(2027, 4, 19))
    assert not Ticket.objects.exists()


def test_price_must_be_accepted(cast, now):
    new_date = cast.porting.porting_date + datetime.timedelta(days=10)
    fields = {"did": cast.porting.number, "requested_date": new_date.isoformat(), "acknowledge_not_guaranteed": "on"}
    for accepted in (None, Decimal(49), Decimal("50.01")):
        with pytest.raises(submission.PriceNotAccepted):
            ask(cast.nora, "porting_date_change", now, accepted=accepted, **fields)
    assert not Ticket.objects.exists()
