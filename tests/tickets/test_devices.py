"""Return, loss, buy-out and conversion of devices: what is changed, charged and credited, once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.models import LedgerEntry
from hwaas.models import Device, Rma
from tests.cast import make_commitment, make_device
from tests.tickets.actions import applied, ask, carry_out, open_codes, take
from tickets.fields import DevicesField
from tickets.pages import tracker
from tickets.services import execution, submission
from tickets.services.execution import NotExecutable
from tickets.steps import returns
from tickets.types import kind_of

PICKUP = {"pickup_address": "Hauptstraße 1, Kiel"}


def rma_states():
    return dict(Rma.objects.values_list("device__serial", "state"))


def given_up(ticket):
    """Return what the partner was told when the return was given up."""
    return ticket.events.get(data__step="given_up").body


def posted(ticket):
    return [(e.fee, e.kind, e.amount) for e in LedgerEntry.objects.filter(source=ticket.source).order_by("fee")]


def test_devices_are_returned_one_by_one_and_their_service_ends(cast, now):
    other = make_device("SN-SECOND", cast.item, cast.pbx, ownership="hwaas", billing_starts_on=cast.service.billing_starts_on)
    ticket = ask(cast.nora, "hwaas_return", now, serials=["SN-SERVICE", "SN-SECOND"], **PICKUP)
    carry_out(ticket, cast.agent, now)
    assert "will be picked up at your address" in applied(ticket)
    assert open_codes(ticket, cast.nora) == ["shipped"]
    take(ticket, "shipped", cast.nora, now)
    take(ticket, "received", cast.agent, now, serials=["SN-SECOND"])
    assert ticket.status == "on_hold"
    take(ticket, "received", cast.agent, now, serials=["SN-SERVICE"])
    assert (ticket.status, ticket.outcome) == ("solved", "executed")
    assert {Device.objects.get(pk=d.pk).state for d in (cast.service, other)} == {"returned"}
    assert posted(ticket) == []


def test_single_device_return_uses_the_singular(cast, now, client):
    ticket = carry_out(ask(cast.nora, "hwaas_return", now, serials=["SN-SERVICE"], **PICKUP), cast.agent, now)
    assert "The device will be picked up at your address" in applied(ticket)
    client.force_login(cast.nora)
    said = client.get(f"/portal/requests/{ticket.pk}/").text
    told = ["Hand the device over", "The device is on its way", 'id="h-standing">Status<', "On the way to us", "RMA open"]
    assert [words for words in told if words not in said] == []
    take(ticket, "shipped", cast.nora, now)
    assert "The device is on its way to us." in client.get(f"/portal/requests/{ticket.pk}/").text


def test_uk_return_starts_with_labels(cast, now):
    make_device("SN-LEASED", cast.item, cast.pub_pbx, ownership="hwaas", billing_starts_on=cast.today - timedelta(days=400))
    ticket = ask(cast.alba, "hwaas_return", now, serials=["SN-LEASED"], pickup_address="1 High Street, Leeds")
    carry_out(ticket, cast.agent, now)
    assert "send you return labels" in applied(ticket)
    assert open_codes(ticket, cast.agent) == ["labels_sent"] and returns.return_sheet(ticket) is None, "the boxes need labels first"
    take(ticket, "labels_sent", cast.agent, now)
    assert ticket.waiting_for == "partner"
    assert open_codes(ticket, cast.alba) == ["shipped"] and returns.return_sheet(ticket).way == "label"


def test_device_committed_in_the_meantime_is_not_returned(cast, now):
    ticket = ask(cast.nora, "hwaas_return", now, serials=["SN-SERVICE"], **PICKUP)
    make_commitment(cast.pbx, cast.today, 3)
    with pytest.raises(NotExecutable):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert Device.objects.get(pk=cast.service.pk).state == "in_use"


def test_device_lost_before_its_return_does_not_block_it(cast, now):
    make_device("SN-SECOND", cast.item, cast.pbx, ownership="hwaas", billing_starts_on=cast.service.billing_starts_on)
    back = ask(cast.nora, "hwaas_return", now, serials=["SN-SERVICE", "SN-SECOND"], **PICKUP)
    carry_out(back, cast.agent, now)
    take(back, "received", cast.agent, now, serials=["SN-SECOND"])
    lost = ask(cast.nora, "hwaas_lost", now, accepted="129", serial="SN-SERVICE", circumstances="It was stolen from the office.")
    assert lost.verdict["outcome"] == "needs_review"
    carry_out(lost, cast.agent, now)
    assert {thing.name: thing.code for thing in kind_of(back).item_states(back)} == {"SN-SECOND": "returned", "SN-SERVICE": "lost"}
    assert open_codes(back, cast.agent) == ["none_left"]
    take(back, "none_left", cast.agent, now)
    assert (back.outcome, Device.objects.get(pk=cast.service.pk).state) == ("executed", "lost")
    assert rma_states() == {"SN-SECOND": "returned", "SN-SERVICE": "given_up"}


def test_last_device_to_arrive_also_ends_the_return_of_a_lost_one(cast, now):
    make_device("SN-SECOND", cast.item, cast.pbx, ownership="hwaas", billing_starts_on=cast.service.billing_starts_on)
    back = carry_out(ask(cast.nora, "hwaas_return", now, serials=["SN-SERVICE", "SN-SECOND"], **PICKUP), cast.agent, now)
    Device.objects.filter(pk=cast.service.pk).update(state="lost")
    assert [serial for serial, _item in returns.return_sheet(back).devices] == ["SN-SECOND"]
    take(back, "shipped", cast.nora, now)
    assert rma_states() == {"SN-SECOND": "in_transit", "SN-SERVICE": "opened"}
    take(back, "received", cast.agent, now, serials=["SN-SECOND"])
    assert back.outcome == "executed" and rma_states() == {"SN-SECOND": "returned", "SN-SERVICE": "given_up"}


def test_unreturned_device_stays_in_service_and_the_return_ends(cast, now):
    make_device("SN-SECOND", cast.item, cast.pbx, ownership="hwaas", billing_starts_on=cast.service.billing_starts_on)
    back = carry_out(ask(cast.nora, "hwaas_return", now, serials=["SN-SERVICE", "SN-SECOND"], **PICKUP), cast.agent, now)
    take(back, "received", cast.agent, now, serials=["SN-SECOND"])
    assert (back.waiting_for, open_codes(back, cast.nora)) == ("partner", ["shipped"])
    take(back, "given_up", cast.agent, now, why="You keep it.")
    assert given_up(back) == "Not returned, so the service continues: SN-SERVICE. You keep it."
    assert (back.outcome, Device.objects.get(pk=cast.service.pk).state) == ("executed", "in_use")
    assert {thing.name: thing.state for thing in kind_of(back).item_states(back)} == {
        "SN-SECOND": "Taken back",
        "SN-SERVICE": "Not sent back",
    }
    assert carry_out(ask(cast.nora, "hwaas_return", now, serials=["SN-SERVICE"], **PICKUP), cast.agent, now).execution == "done"


def test_return_of_a_device_whose_pbx_has_ended_is_given_up_without_its_service(cast, now):
    back = carry_out(ask(cast.nora, "hwaas_return", now, serials=["SN-SERVICE"], **PICKUP), cast.agent, now)
    Device.objects.filter(pk=cast.service.pk).update(state="returned")  # as its PBX ends
    take(back, "given_up", cast.agent, now, why="It broke.")
    assert (given_up(back), back.outcome) == ("Not returned: SN-SERVICE. It broke.", "withdrawn")


def test_return_with_no_device_received_ends_at_its_own_station(cast, now):
    back = carry_out(ask(cast.nora, "hwaas_return", now, serials=["SN-SERVICE"], **PICKUP), cast.agent, now)
    lost = ask(cast.nora, "hwaas_lost", now, accepted="129", serial="SN-SERVICE", circumstances="It was stolen from the office.")
    carry_out(lost, cast.agent, now)
    take(back, "none_left", cast.agent, now)
    way = [(station["title"], station["state"]) for station in tracker.stations(back)]
    assert way == [("Submitted", "done"), ("RMA open", "done"), ("Nothing left to arrive", "done")]


def test_lost_device_is_charged_once_and_becomes_owned(cast, now):
    young = make_device("SN-YOUNG", cast.item, cast.pbx, ownership="hwaas", billing_starts_on=cast.today)
    with pytest.raises(submission.PriceNotAccepted):
        ask(cast.nora, "hwaas_lost", now, serial="SN-YOUNG", circumstances="It was stolen from a car.")
    ticket = ask(cast.nora, "hwaas_lost", now, accepted="153.50", serial="SN-YOUNG", circumstances="It was stolen from a car.")
    carry_out(ticket, cast.agent, now)
    execution.execute(ticket.pk, at=now)
    assert posted(ticket) == [
        ("price.hardware:SN-YOUNG", "charge", Decimal("129.00")),
        ("price.hwaas_term:SN-YOUNG", "charge", Decimal("24.50")),
    ]
    young.refresh_from_db()
    assert (young.ownership, young.state) == ("hw", "lost")


def test_device_is_bought_out_at_full_price(cast, now):
    ticket = ask(cast.nora, "hwaas_buyout", now, accepted="129", serials=["SN-SERVICE"])
    carry_out(ticket, cast.agent, now)
    assert posted(ticket) == [("price.hardware:SN-SERVICE", "charge", Decimal("129.00"))]
    assert Device.objects.get(pk=cast.service.pk).ownership == "hw"


@pytest.mark.parametrize("length", [170, 200])
def test_device_with_a_long_name_is_charged(cast, now, length):
    """A title too long for the ledger was never posted; one too long for the ticket as well was an error page."""
    type(cast.item).objects.filter(pk=cast.service.item_id).update(name="x" * length)
    ticket = ask(cast.nora, "hwaas_buyout", now, accepted="129", serials=["SN-SERVICE"])
    carry_out(ticket, cast.agent, now)
    assert posted(ticket) == [("price.hardware:SN-SERVICE", "charge", Decimal("129.00"))]


def test_unquoted_conversion_credit_is_given_once_the_order_date_is_known(cast, now):
    Device.objects.filter(pk=cast.phone.pk).update(ordered_on=None)
    ticket = ask(cast.nora, "hw_to_hwaas", now, serials=["SN-OWNED"])
    assert ticket.verdict["outcome"] == "needs_review" and not ticket.charges.exists()
    Device.objects.filter(pk=cast.phone.pk).update(ordered_on=cast.phone.ordered_on)
    carry_out(ticket, cast.agent, now)
    assert posted(ticket) == [("credit.hw_conversion:SN-OWNED", "credit_note", Decimal("-129.00"))]


def test_hardware_converts_to_service_and_is_credited_once(cast, now):
    ticket = ask(cast.nora, "hw_to_hwaas", now, serials=["SN-OWNED"])
    carry_out(ticket, cast.agent, now)
    execution.execute(ticket.pk, at=now)
    assert posted(ticket) == [("credit.hw_conversion:SN-OWNED", "credit_note", Decimal("-129.00"))]
    device = Device.objects.get(pk=cast.phone.pk)
    assert (device.ownership, device.billing_starts_on) == ("hwaas", cast.today)


def test_picker_lists_the_devices_a_request_is_about_first(cast):
    field = DevicesField(first=Device.Ownership.SERVICE)
    field.bind(cast.nord, lock=False)
    assert [row.value for row in field.candidates("", 3)] == ["SN-SERVICE", "SN-OWNED", "SN-SCARCE"]
    assert [row.value for row in field.candidates("", 2)] == ["SN-SERVICE", "SN-OWNED"]
    assert [row.value for row in field.candidates("", 1)] == ["SN-SERVICE"]
    assert [row.value for row in field.candidates("SN-S", 9)] == ["SN-SERVICE", "SN-SCARCE"]
