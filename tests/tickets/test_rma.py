"""A device is exchanged: the whole procedure, with labels and without, with stock and without (HW-3, HW-9, HW-10, ORD-1)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction

from billing.models import LedgerEntry
from classound.models import Did
from hwaas.models import Device, Rma
from tests.cast import make_device
from tests.markup import flat
from tests.tickets.actions import ask, carry_out, open_codes, set_policy, take
from tickets.filters import search
from tickets.models import Ticket
from tickets.pages.exports import costs
from tickets.services import conversation, execution, status
from tickets.services.lifecycle import NotNow

CASE = {"kind": "warranty", "fault": "The display stays black.", "replacement": "new", "delivery_address": "1 High Street, York"}
LETTER = b"%PDF-1.4 the signed document"


def opened(cast, requester, serial, now, accepted="34", **changes):
    ticket = ask(requester, "rma", now, accepted=accepted, serial=serial, **CASE | changes)
    return carry_out(ticket, cast.agent, now)


def posted():
    return [(e.fee, e.amount, e.currency) for e in LedgerEntry.objects.order_by("pk")]


def test_british_device_is_returned_with_labels_and_replaced(cast, now):
    ticket = opened(cast, cast.alba, "SN-PUB", now)
    assert (ticket.status, open_codes(ticket, cast.agent), open_codes(ticket, cast.alba)) == ("open", ["labels_sent"], [])
    take(ticket, "labels_sent", cast.agent, now)
    assert (ticket.status, ticket.waiting_for, open_codes(ticket, cast.alba)) == ("pending", "partner", ["shipped"])
    take(ticket, "shipped", cast.alba, now)
    assert (ticket.status, ticket.waiting_for) == ("on_hold", "warehouse")
    take(ticket, "received", cast.agent, now)
    assert posted() == []
    take(ticket, "dispatch", cast.agent, now, serial="sn-pub-2")
    assert (ticket.status, ticket.outcome) == ("solved", "executed")
    assert posted() == [("delivery.open_master_box", 5, "GBP"), ("delivery.flat_rate", 29, "GBP")]
    new, old = Device.objects.get(serial="SN-PUB-2"), Device.objects.get(serial="SN-PUB")
    same = ("pbx", "item", "ownership", "ordered_on", "billing_starts_on", "warranty_document")
    assert [getattr(new, name) for name in same] == [getattr(cast.pub_phone, name) for name in same]
    assert (new.state, new.shipped_on, old.state) == ("in_use", now.date(), "replaced")
    cast.item.refresh_from_db()
    assert cast.item.stock == 4


def test_devices_outside_the_uk_are_sent_without_labels(cast, now):
    ticket = opened(cast, cast.nora, "SN-OWNED", now)
    assert (ticket.status, open_codes(ticket, cast.nora)) == ("pending", ["shipped"])
    assert open_codes(ticket, cast.agent) == ["shipped", "received"]
    take(ticket, "received", cast.agent, now)
    take(ticket, "dispatch", cast.agent, now, serial="SN-OWNED-2")
    assert ticket.outcome == "executed"
    for reader in (cast.agent, cast.nora):
        assert list(search(Ticket.objects.visible_to(reader), "SN-OWNED-2")) == [ticket]


def test_device_dead_on_arrival_is_exchanged_free_of_charge(cast, now):
    ticket = opened(cast, cast.nora, "SN-OWNED", now, accepted=None, kind="doa")
    take(ticket, "received", cast.agent, now)
    take(ticket, "dispatch", cast.agent, now, serial="SN-OWNED-2")
    assert posted() == []


def test_replaced_service_device_keeps_its_billing_dates(cast, now):
    ticket = opened(cast, cast.nora, "SN-SERVICE", now, kind="hwaas")
    take(ticket, "received", cast.agent, now)
    take(ticket, "dispatch", cast.agent, now, serial="SN-SERVICE-2")
    new = Device.objects.get(serial="SN-SERVICE-2")
    assert (new.ownership, new.billing_starts_on) == ("hwaas", cast.service.billing_starts_on)


def test_return_sheet_is_available_while_the_device_is_to_be_sent(cast, now, today, client):
    def sheet(ticket, person):
        client.force_login(person)
        return " ".join(client.get(f"/return-sheets/{ticket.pk}/").content.decode().partition("<main")[2].split())

    british = opened(cast, cast.alba, "SN-PUB", now)
    assert "There is nothing to send us now" in sheet(british, cast.alba), "the labels come first"
    take(british, "labels_sent", cast.agent, now)
    page = client.get(f"/portal/requests/{british.pk}/").content.decode()
    assert f"/return-sheets/{british.pk}/" in page and "with the return labels we e-mailed you" in page
    assert f"</span>{british.pk}</p>" in sheet(british, cast.alba) and "SN-PUB" in sheet(british, cast.agent)
    assert "one of the return labels we e-mailed you" in sheet(british, cast.alba)
    ours = opened(cast, cast.nora, "SN-SCARCE", now)
    assert "Please ask us for the address" in sheet(ours, cast.nora)
    set_policy("rma.return_addresses", [["EU", "Careline Returns, Quay 4, 24103 Kiel"]], today, cast.admin)
    assert "Careline Returns<br>Quay 4<br>24103 Kiel" in sheet(ours, cast.nora)
    assert "Send it to:<b>Careline Returns, Quay 4, 24103 Kiel</b>" in flat(client.get(f"/portal/requests/{ours.pk}/"))
    back = carry_out(ask(cast.nora, "hwaas_return", now, serials=["SN-SERVICE"], pickup_address="Kai 1, Kiel"), cast.agent, now)
    assert "Pick-up address" in sheet(back, cast.nora) and "Kai 1, Kiel" in sheet(back, cast.nora)
    take(ours, "received", cast.agent, now)
    assert "There is nothing to send us now" in sheet(ours, cast.nora)


def test_device_whose_service_ended_with_its_pbx_is_not_replaced(cast, now):
    Did.objects.filter(pbx=cast.pbx).update(status="cancelled")
    ticket = opened(cast, cast.nora, "SN-SERVICE", now, kind="hwaas")
    take(ticket, "received", cast.agent, now)
    form = execution.open_steps(ticket, user=cast.agent)[0].form({"serial": "SN-SERVICE-2"})
    carry_out(ask(cast.nora, "pbx_terminate", now, pbx="PBX-FREE"), cast.agent, now)
    with pytest.raises(NotNow):
        execution.take_step(ticket.pk, "dispatch", form, actor=cast.agent, at=now)
    assert (open_codes(ticket, cast.agent), open_codes(ticket, cast.nora)) == (["service_ended"], [])
    take(ticket, "service_ended", cast.agent, now)
    assert ticket.events.get(data__step="service_ended").body.endswith("we will not send a replacement."), "the device is here already"
    assert (ticket.status, ticket.outcome, posted()) == ("solved", "executed", [])
    assert (ticket.charges.count(), any(costs(ticket))) == (2, False)  # the delivery was quoted, and never comes due
    assert not Device.objects.filter(state="in_use", ownership="hwaas", pbx=cast.pbx).exists()
    conversation.reply(ticket.pk, "Is it over?", author=cast.nora, at=now)
    assert open_codes(ticket, cast.agent) == []


def test_tickets_closed_with_open_steps_are_found_and_reopened(cast, now, client, capsys):
    ticket, whole = opened(cast, cast.nora, "SN-SERVICE", now, kind="hwaas"), opened(cast, cast.alba, "SN-PUB", now)
    take(whole, "given_up", cast.agent, now, why="It was found to be all right.")
    Ticket.objects.filter(pk__in=[ticket.pk, whole.pk]).update(status="closed", outcome="executed", solved_at=now)
    call_command("reopen_unfinished")
    told = capsys.readouterr().out
    assert f"#{ticket.pk} NORD" in told and f"#{whole.pk} " not in told
    client.force_login(cast.agent)
    assert "This ticket was closed with steps outstanding" in client.get(f"/desk/{ticket.pk}/").content.decode()
    client.post(f"/desk/{ticket.pk}/reopen/")
    ticket.refresh_from_db()
    assert ticket.status == "open"
    take(ticket, "given_up", cast.agent, now, why="It never came.")
    assert (ticket.status, ticket.outcome) == ("solved", "withdrawn")
    call_command("reopen_unfinished", "--reopen")
    assert "No request was closed" in capsys.readouterr().out


def test_without_stock_the_partner_can_take_a_refurbished_device(cast, now):
    ticket = opened(cast, cast.nora, "SN-SCARCE", now)
    take(ticket, "received", cast.agent, now)
    assert (ticket.status, open_codes(ticket, cast.nora)) == ("pending", ["choose"])
    take(ticket, "choose", cast.nora, now, replacement="refurbished")
    assert ticket.status == "open"
    take(ticket, "dispatch", cast.agent, now, serial="SN-REFURBISHED")
    assert Device.objects.get(serial="SN-REFURBISHED").item == cast.scarce


def test_without_stock_the_partner_can_wait_for_new_stock(cast, now):
    ticket = opened(cast, cast.nora, "SN-SCARCE", now)
    take(ticket, "received", cast.agent, now)
    take(ticket, "choose", cast.nora, now, replacement="wait")
    assert (ticket.status, ticket.waiting_for) == ("on_hold", "warehouse")
    with pytest.raises(ValidationError, match="in stock"):
        take(ticket, "dispatch", cast.agent, now, serial="SN-SCARCE-2")
    assert (Rma.objects.get().state, posted()) == ("waiting_stock", [])
    type(cast.scarce).objects.filter(pk=cast.scarce.pk).update(stock=1)
    take(ticket, "dispatch", cast.agent, now, serial="SN-SCARCE-2")
    cast.scarce.refresh_from_db()
    assert (ticket.outcome, cast.scarce.stock) == ("executed", 0)


def test_partner_who_chose_to_wait_is_not_asked_again(cast, now):
    ticket = opened(cast, cast.nora, "SN-SCARCE", now, replacement="wait")
    take(ticket, "received", cast.agent, now)
    assert (ticket.waiting_for, open_codes(ticket, cast.nora)) == ("warehouse", ["refurbished"])
    take(ticket, "refurbished", cast.nora, now)
    take(ticket, "dispatch", cast.agent, now, serial="SN-REFURBISHED")
    assert ticket.outcome == "executed"


def test_device_that_never_arrives_can_be_requested_again(cast, now):
    ticket = opened(cast, cast.nora, "SN-OWNED", now)
    with pytest.raises(NotNow, match="Receive the device"):
        status.change(ticket.pk, "solved", actor=cast.agent, at=now)
    take(ticket, "given_up", cast.agent, now, why="You sent us another phone, which is on its way back to you.")
    assert (ticket.outcome, Device.objects.get(serial="SN-OWNED").state, posted()) == ("withdrawn", "in_use", [])
    assert "another phone" in ticket.events.get(data__step="given_up").body
    opened(cast, cast.nora, "SN-OWNED", now)
    conversation.reply(ticket.pk, "I see.", author=cast.nora, at=now)
    assert open_codes(ticket, cast.agent) == []
    assert status.change(ticket.pk, "solved", actor=cast.agent, at=now) and Ticket.objects.get(pk=ticket.pk).outcome == "withdrawn"


def test_partner_who_still_has_the_device_is_asked_to_return_it(cast, now):
    ticket = opened(cast, cast.nora, "SN-SERVICE", now, kind="hwaas")
    Device.objects.filter(serial="SN-SERVICE").update(state="returned")  # as its PBX ends
    take(ticket, "service_ended", cast.agent, now)
    assert ticket.events.get(data__step="service_ended").body.endswith("please send it back.")
    assert Rma.objects.get().state == "given_up"


def test_partner_who_lost_the_device_is_not_asked_to_return_it(cast, now):
    ticket = opened(cast, cast.nora, "SN-SERVICE", now, kind="hwaas")
    carry_out(ask(cast.nora, "hwaas_lost", now, accepted="129", serial="SN-SERVICE", circumstances="Stolen."), cast.agent, now)
    take(ticket, "service_ended", cast.agent, now)
    assert ticket.events.get(data__step="service_ended").body.endswith("we will not send a replacement.")


def test_partner_chooses_when_stock_runs_out_after_arrival(cast, now):
    ticket = opened(cast, cast.nora, "SN-OWNED", now)
    take(ticket, "received", cast.agent, now)
    type(cast.item).objects.update(stock=0)
    with pytest.raises(ValidationError, match="in stock"):
        take(ticket, "dispatch", cast.agent, now, serial="SN-OWNED-2")
    take(ticket, "sold_out", cast.agent, now)
    assert (ticket.status, open_codes(ticket, cast.nora)) == ("pending", ["choose"])


@pytest.mark.parametrize("serial", ["SN-OWNED", "sn-winery", "Sn-Mixed", "x", "SN 1", "SN-٣٣٣٣", "S" * 41, "SN\x001234"])
def test_taken_or_unreadable_serial_is_refused(cast, now, serial):
    make_device("Sn-Mixed", cast.item, cast.winery_pbx)
    ticket = opened(cast, cast.nora, "SN-SERVICE", now, kind="hwaas")
    take(ticket, "received", cast.agent, now)
    step = execution.open_steps(ticket, user=cast.agent)[0]
    assert "serial" in step.form({"serial": serial}).errors


def test_step_is_taken_once(cast, now):
    ticket = opened(cast, cast.nora, "SN-OWNED", now)
    (shipped,) = execution.open_steps(ticket, user=cast.nora)
    form = shipped.form({})
    assert form.is_valid()
    execution.take_step(ticket.pk, "shipped", form, actor=cast.nora, at=now)
    with pytest.raises(execution.NotNow):
        execution.take_step(ticket.pk, "shipped", form, actor=cast.nora, at=now)


def test_step_not_open_yet_is_not_reported_as_taken(cast, now, client):
    ticket = opened(cast, cast.alba, "SN-PUB", now)
    client.force_login(cast.alba)
    page = client.post(f"/portal/requests/{ticket.pk}/steps/shipped/", follow=True)
    assert "already been taken or is not open yet" in flat(page)


def test_partner_cannot_take_an_agents_step(cast, now):
    ticket = opened(cast, cast.nora, "SN-OWNED", now)
    form = execution.open_steps(ticket, user=cast.agent)[1].form({})
    assert form.is_valid()
    with pytest.raises(execution.NotNow):
        execution.take_step(ticket.pk, "received", form, actor=cast.nora, at=now)


def test_second_request_for_one_device_is_not_executed(cast, now):
    first, second = (ask(cast.nora, "rma", now, accepted="34", serial="SN-OWNED", **CASE) for _ in range(2))
    carry_out(first, cast.agent, now)
    with pytest.raises(execution.NotExecutable) as refused:
        carry_out(second, cast.agent, now)
    assert [f.rule for f in refused.value.verdict.blocking] == ["HW-3"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Rma.objects.create(device=cast.phone, source="other", kind="doa", wants="new")


def test_warranty_document_can_arrive_later_and_stays_on_file(cast, now, today):
    old = make_device("SN-OLD", cast.item, cast.pbx, ordered_on=today - datetime.timedelta(days=800))
    ticket = ask(cast.nora, "rma", now, accepted="34", serial="SN-OLD", **CASE)
    assert ticket.verdict["outcome"] == "needs_review"
    with pytest.raises(execution.NotExecutable):
        carry_out(ticket, cast.agent, now)
    conversation.add_files(ticket.pk, [SimpleUploadedFile("document.pdf", LETTER)], by=cast.nora, at=now)
    carry_out(ticket, cast.agent, now)
    old.refresh_from_db()
    assert (ticket.execution, old.warranty_document) == ("done", True)


def test_photo_of_a_young_device_is_not_a_warranty_document(cast, now):
    photo = SimpleUploadedFile("screen.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40)
    ticket = ask(cast.nora, "rma", now, accepted="34", serial="SN-OWNED", files=[photo], **CASE)
    carry_out(ticket, cast.agent, now)
    cast.phone.refresh_from_db()
    assert not cast.phone.warranty_document


def test_rma_of_a_device_of_unknown_age_is_opened_after_review(cast, now):
    Device.objects.filter(pk=cast.phone.pk).update(ordered_on=None)
    ticket = opened(cast, cast.nora, "SN-OWNED", now)
    assert (ticket.verdict["outcome"], Rma.objects.get().state) == ("needs_review", "opened")


def test_american_partner_pays_american_delivery(cast, now):
    type(cast.nord).objects.filter(pk=cast.nord.pk).update(region="US", currency="USD")
    cast.nora.partner.refresh_from_db()
    ticket = opened(cast, cast.nora, "SN-OWNED", now, accepted="65")
    take(ticket, "received", cast.agent, now)
    take(ticket, "dispatch", cast.agent, now, serial="SN-OWNED-2")
    assert posted() == [("delivery.open_master_box", 5, "USD"), ("delivery.flat_rate", 60, "USD")]
