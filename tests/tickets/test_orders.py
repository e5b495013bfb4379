"""Shipments are tracked, delivery is quoted, orders are cancelled (ORD)."""

from datetime import timedelta

import pytest

from billing.models import LedgerEntry
from hwaas.models import Order
from tests.desk.corrections import corrected
from tests.tickets.actions import applied, ask, carry_out, set_policy
from tickets.models import Event, Mail
from tickets.services import conversation, execution, submission
from tickets.services.lifecycle import NotNow
from tickets.types import TYPES


@pytest.fixture
def order(cast):
    return Order.objects.create(number="SO-1", partner=cast.nord, country="DE", placed_on=cast.today - timedelta(days=5))


def test_shipment_without_a_tracking_page_is_answered_with_its_number(cast, now, order):
    Order.objects.update(dispatched_on=cast.today, carrier="Kiel Couriers", tracking_number="TRK77")
    ticket = ask(cast.nora, "shipment_tracking", now, order="SO-1")
    told = ticket.events.get(kind=Event.Kind.ANSWERED).body
    assert told == "Order SO-1 is on its way with Kiel Couriers.\nTracking number: TRK77"


def test_known_shipment_is_answered_immediately(cast, now, order):
    Order.objects.update(dispatched_on=cast.today, carrier="DHL", tracking_number="TRK77")
    ticket = ask(cast.nora, "shipment_tracking", now, order="SO-1")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome) == ("solved", "answered")
    assert "tracking-id=TRK77" in ticket.events.get(kind=Event.Kind.ANSWERED).body
    assert Mail.objects.filter(ticket=ticket).count() == 1


def test_unknown_shipment_is_answered_by_an_agent(cast, now, order):
    ticket = ask(cast.nora, "shipment_tracking", now, order="SO-1")
    with pytest.raises(NotNow):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    conversation.answer(ticket.pk, "It leaves our warehouse tomorrow.", author=cast.agent, at=now)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome) == ("solved", "answered")
    with pytest.raises(NotNow):
        conversation.answer(ticket.pk, "Once more.", author=cast.agent, at=now)


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [({"country": "DE"}, "solved", "34.00 EUR"), ({"country": "BR"}, "new", ""), ({"country": "US", "overnight": "on"}, "new", "")],
)
def test_delivery_is_quoted_if_the_price_list_covers_it(cast, now, asked, status, words):
    ticket = ask(cast.nora, "delivery_quote", now, items="10 desk phones", **asked)
    ticket.refresh_from_db()
    assert ticket.status == status
    assert words in " ".join(ticket.events.filter(kind=Event.Kind.ANSWERED).values_list("body", flat=True))
    assert LedgerEntry.objects.count() == 0


def test_corrected_quote_uses_the_prices_of_the_submission_day(cast, now):
    ticket = ask(cast.nora, "delivery_quote", now, items="10 desk phones", country="BR")
    set_policy("delivery.flat_rate", [["EU", "1239.00"]], cast.today + timedelta(days=1), cast.admin)
    later = now + timedelta(days=2)
    corrected(ticket, cast.agent, later, country="DE")
    answer = ticket.events.get(kind=Event.Kind.ANSWERED).body
    assert answer == ticket.verdict["findings"][0]["message"] and "costs 34.00 EUR: 5.00 for" in answer
    of_its_day = ask(cast.nora, "delivery_quote", later, items="10 desk phones", country="DE")
    assert "costs 1,244.00 EUR: 5.00 for" in of_its_day.events.get(kind=Event.Kind.ANSWERED).body


def test_quote_requires_a_country(cast):
    assert not TYPES["delivery_quote"].form({"items": "10 desk phones"}, partner=cast.nord).is_valid()


def test_order_is_cancelled_while_nothing_is_dispatched(cast, now, order):
    fields = {"order": "SO-1", "kind": "cancel", "details": "The customer does not need it."}
    ticket = ask(cast.nora, "order_amendment", now, **fields)
    carry_out(ticket, cast.agent, now)
    assert Order.objects.get().cancelled_on == cast.today and applied(ticket) == "Order SO-1 has been cancelled."
    with pytest.raises(submission.Denied):
        ask(cast.nora, "order_amendment", now, **fields)


def test_order_dispatched_in_the_meantime_is_not_cancelled(cast, now, order):
    ticket = ask(cast.nora, "order_amendment", now, order="SO-1", kind="cancel", details="The customer does not need it.")
    Order.objects.update(dispatched_on=cast.today)
    with pytest.raises(execution.NotExecutable):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)


def test_order_due_to_leave_tomorrow_is_cancelled_and_not_dispatched(cast, now, order):
    Order.objects.update(dispatched_on=cast.today + timedelta(days=1), tracking_number="TRK77")
    told = ask(cast.nora, "shipment_tracking", now, order="SO-1").events.get(kind=Event.Kind.ANSWERED).body
    assert told == "Order SO-1 leaves on 19 November 2026 with the carrier.\nTracking number: TRK77"
    ticket = ask(cast.nora, "order_amendment", now, order="SO-1", kind="cancel", details="The customer does not need it.")
    carry_out(ticket, cast.agent, now)
    ticket.refresh_from_db()
    assert (ticket.outcome, Order.objects.get().cancelled_on, Order.objects.get().dispatched_on) == ("executed", cast.today, None)
    told = ask(cast.nora, "shipment_tracking", now, order="SO-1").events.get(kind=Event.Kind.ANSWERED).body
    assert told == "Order SO-1 was cancelled on 18 November 2026: nothing will be sent."


def test_dispatched_order_cannot_be_cancelled_even_by_a_lead(cast, now, order):
    Order.objects.update(dispatched_on=cast.today)
    asked = {"partner": cast.nord, "override": "Agreed.", "order": "SO-1", "details": "The customer does not need it."}
    with pytest.raises(submission.Denied):
        ask(cast.lead, "order_amendment", now, kind="cancel", **asked)
    assert carry_out(ask(cast.lead, "order_amendment", now, kind="amend", **asked), cast.lead, now).outcome == "executed"
