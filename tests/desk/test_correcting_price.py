"""A correction keeps the accepted price, and does not carry a lead's override over to something else."""

import pytest

from classound.models import Did
from tests.desk.corrections import RMA, corrected, snapshot
from tests.markup import flat
from tests.tickets.actions import ask
from tickets.models import Confirmation, TicketCharge
from tickets.services import correcting
from tickets.services.lifecycle import NotNow


def test_correction_cannot_change_the_price(cast, now, client, rma):
    before = snapshot(rma)
    with pytest.raises(correcting.Refused) as refused:
        corrected(rma, cast.agent, now, kind="doa")
    assert refused.value.is_other_price and snapshot(rma) == before
    free = ask(cast.nora, "rma", now, serial=cast.phone.serial, **RMA | {"kind": "doa"})
    before = snapshot(free)
    client.force_login(cast.agent)
    page = client.post(f"/desk/{free.pk}/correct/", RMA | {"serial": cast.phone.serial, "fault": "Typed by the agent."})
    text = flat(page)
    assert page.status_code == 422 and snapshot(free) == before
    assert "the price differs from what the partner accepted" in text and "29.00 EUR</td>" in text
    question = text.partition('id="ask-text"')[2].partition("</textarea>")[0]
    assert "Broken, under warranty" in question and "Logistics: – → 29.00 EUR" in question
    assert "Typed by the agent." in text and 'popovertarget="ask"' in text and f'value="{cast.phone.serial}" checked' in text
    corrected(rma, cast.agent, now, kind="hwaas", serial=cast.service.serial)
    assert sum(rma.charges.values_list("amount", flat=True)) == 34, "another device at the same price"


def test_correction_cannot_change_the_payer(cast, now):
    answers = {"reseller": cast.north_reseller.code, "new_partner": cast.albion.code, "description": "The branch moves."}
    moved = ask(cast.nora, "reseller_transfer", now, **answers)
    with pytest.raises(NotNow, match="parties"):
        corrected(moved, cast.agent, now, description="It moves.")
    Confirmation.objects.all().delete()  # there is a second wall behind the first
    before = snapshot(moved)
    with pytest.raises(correcting.Refused) as refused:
        corrected(moved, cast.agent, now, new_partner=cast.sud.code)
    assert refused.value.is_other_price and snapshot(moved) == before


def test_charge_refers_to_the_corrected_device(cast, now):
    """A device of the same price in place of another: the charges are about the first, although their sum is the same."""
    second = cast.service
    type(second).objects.filter(pk=second.pk).update(ordered_on=cast.phone.ordered_on)
    other = type(second).objects.create(serial="SN-SERVICE-2", item=second.item, pbx=second.pbx, ownership="hwaas")
    type(other).objects.filter(pk=other.pk).update(ordered_on=second.ordered_on, billing_starts_on=second.billing_starts_on)
    bought = ask(cast.nora, "hwaas_buyout", now, serials=[second.serial], accepted="129.00")
    corrected(bought, cast.agent, now, serials=[other.serial])
    charge = TicketCharge.objects.get(ticket=bought)
    assert (charge.amount, str(bought.verdict["charges"][0]["amount"])) == (129, "129.00")
    assert other.serial in f"{charge.fee} {charge.title}" and bought.verdict["charges"][0]["fee"] == charge.fee


def test_override_does_not_carry_over_to_another_number(cast, now):
    ticket = ask(cast.lead, "did_cancel", now, dids=[cast.young.number], partner=cast.nord, override="Agreed.", reason="Closed.")
    corrected(ticket, cast.agent, now, reason="Moved.")
    assert ticket.verdict["findings"][0]["overridden"] == "Lea Lead: Agreed."
    Did.objects.filter(pk=cast.did.pk).update(activated_on=cast.young.activated_on)
    with pytest.raises(correcting.Refused) as refused:
        corrected(ticket, cast.agent, now, dids=[cast.did.number])
    assert {finding.rule for finding in refused.value.set_aside} == {"DID-1"} and refused.value.verdict.outcome == "denied"
