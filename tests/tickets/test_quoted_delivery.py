"""If the price list has no figure, the delivery of a replacement is quoted and accepted before it is sent (ORD-1)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from hwaas.models import Rma
from partners.models import Partner
from tests.tickets.actions import open_codes, take
from tests.tickets.test_rma import opened, posted
from tickets.services import execution
from web.templatetags.careline import unbroken


@pytest.fixture
def ticket(cast, now):
    Partner.objects.filter(pk=cast.nord.pk).update(region="OTHER")
    cast.nora.partner.refresh_from_db()
    return opened(cast, cast.nora, "SN-OWNED", now, accepted=None)


def test_nothing_is_sent_before_the_partner_accepts_the_cost(cast, now, ticket, client):
    take(ticket, "received", cast.agent, now)
    assert (ticket.waiting_for, open_codes(ticket, cast.agent)) == ("", ["quote_delivery"])
    take(ticket, "quote_delivery", cast.agent, now, cost="87.5")
    assert (ticket.status, ticket.waiting_for, open_codes(ticket, cast.nora)) == ("pending", "partner", ["accept_delivery"])
    assert "dispatch" not in open_codes(ticket, cast.agent)
    client.force_login(cast.nora)
    page = client.get(reverse("portal:request", args=[ticket.pk])).content.decode()
    said = f"costs {unbroken('87.50 EUR')}. We will send the replacement once"
    assert all(words in page for words in ("I accept 87.50 EUR", "Delivery quoted", said))
    client.post(reverse("portal:step", args=[ticket.pk, "accept_delivery"]), {"answer": "87.50"})
    assert (posted(), open_codes(ticket, cast.agent)) == ([], ["dispatch"])
    take(ticket, "dispatch", cast.agent, now, serial="SN-OWNED-2")
    assert (ticket.outcome, posted()) == ("executed", [("price.delivery", 87.5, "EUR")])


def test_declined_cost_goes_back_to_the_care_team(cast, now, ticket):
    take(ticket, "quote_delivery", cast.agent, now, cost="300")
    assert open_codes(ticket, cast.nora) == ["shipped", "accept_delivery"]
    take(ticket, "accept_delivery", cast.nora, now, answer="declined")
    assert open_codes(ticket, cast.agent) == ["shipped", "received", "quote_delivery"]
    assert (ticket.status, ticket.waiting_for) == ("pending", "partner"), "the device is still with it"
    take(ticket, "shipped", cast.nora, now)
    assert (ticket.status, ticket.waiting_for) == ("open", ""), "the care team can quote while it is on its way"
    take(ticket, "quote_delivery", cast.agent, now, cost="40")
    take(ticket, "accept_delivery", cast.nora, now, answer="40.00")
    assert ticket.waiting_for == "warehouse"
    take(ticket, "received", cast.agent, now)
    take(ticket, "dispatch", cast.agent, now, serial="SN-OWNED-2")
    assert posted() == [("price.delivery", 40, "EUR")]


def test_outdated_page_cannot_accept_a_requoted_cost(cast, now, ticket):
    take(ticket, "quote_delivery", cast.agent, now, cost="40")
    (older,) = [step for step in execution.open_steps(ticket, user=cast.nora) if step.code == "accept_delivery"]
    form = older.form({"answer": "40.00"})
    assert form.is_valid()
    take(ticket, "quote_delivery", cast.agent, now, cost="45")
    with pytest.raises(ValidationError, match="new quote"):
        execution.take_step(ticket.pk, "accept_delivery", form, actor=cast.nora, at=now)
    assert Rma.objects.get().delivery == "quoted" and not ticket.charges.exists()
    take(ticket, "received", cast.agent, now)
    assert "arrived. We will send the replacement once you have accepted" in ticket.events.filter(kind="step").last().body


def test_free_delivery_needs_no_acceptance(cast, now, ticket):
    take(ticket, "received", cast.agent, now)
    take(ticket, "quote_delivery", cast.agent, now, cost="0")
    assert ticket.events.filter(kind="step").last().body == "The delivery of your replacement is free of charge."
    take(ticket, "dispatch", cast.agent, now, serial="SN-OWNED-2")
    assert (ticket.outcome, posted()) == ("executed", [])


def test_dead_on_arrival_device_needs_no_delivery_quote(cast, now):
    Partner.objects.filter(pk=cast.nord.pk).update(region="OTHER")
    cast.nora.partner.refresh_from_db()
    ticket = opened(cast, cast.nora, "SN-OWNED", now, accepted=None, kind="doa")
    take(ticket, "received", cast.agent, now)
    assert open_codes(ticket, cast.agent) == ["dispatch"]
