"""A correction keeps the accepted price, and does not carry a lead's override over to something else."""

import pytest

from classound.models import Did
from tests.cast import make_device
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
    Confirmation.objects.all().delete()  # the second check, behind the first
    before = snapshot(moved)
    with pytest.raises(correcting.Refused) as refused:
        corrected(moved, cast.agent, now, new_partner=cast.sud.code)
    assert refused.value.is_other_price and snapshot(moved) == before


def test_charge_refers_to_the_corrected_device(cast, now):
    """A device of the same price in place of another: the charges are about the first, although their sum is the same."""
    second, since = cast.service, cast.service.billing_starts_on
    stays, other = (
        make_device(serial, second.item, second.pbx, ownership="hwaas", billing_starts_on=since) for serial in ("SN-STAYS", "SN-OTHER")
    )
    bought = ask(cast.nora, "hwaas_buyout", now, serials=[second.serial, stays.serial], accepted="258.00")
    corrected(bought, cast.agent, now, serials=[other.serial, stays.serial])
    charges = {charge.fee: charge for charge in TicketCharge.objects.filter(ticket=bought)}
    assert set(charges) == {"price.hardware:SN-OTHER", "price.hardware:SN-STAYS"} == {one["fee"] for one in bought.verdict["charges"]}
    assert [charge.amount for charge in charges.values()] == [129, 129] and "SN-OTHER" in charges["price.hardware:SN-OTHER"].title


def test_accepted_quote_is_kept_if_it_would_differ_now(cast, now, rma):
    quoted = rma.verdict["charges"], list(rma.charges.order_by("pk").values())
    cast.nord.currency = "GBP"
    cast.nord.save()
    corrected(rma, cast.agent, now, fault="It is dark.")
    assert (rma.verdict["charges"], list(rma.charges.order_by("pk").values())) == quoted


def test_override_does_not_carry_over_to_another_number(cast, now):
    ticket = ask(cast.lead, "did_cancel", now, dids=[cast.young.number], partner=cast.nord, override="Agreed.", reason="Closed.")
    corrected(ticket, cast.agent, now, reason="Moved.")
    assert ticket.verdict["findings"][0]["overridden"] == "Lea Lead: Agreed."
    Did.objects.filter(pk=cast.did.pk).update(activated_on=cast.young.activated_on)
    with pytest.raises(correcting.Refused) as refused:
        corrected(ticket, cast.agent, now, dids=[cast.did.number])
    assert {finding.rule for finding in refused.value.set_aside} == {"DID-1"} and refused.value.verdict.outcome == "denied"
