"""An operation comes between the statements of another one: nobody decides by what has just been changed, and no change is undone."""

from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import LedgerEntry
from classound.models import Did, EmergencyLocation
from hwaas.models import Device
from pbx.models import Licence, Pbx
from tests.cast import make_device, make_did, make_pbx
from tests.interleaving import meanwhile
from tests.tickets.actions import ask, bound_form, carry_out, send_mails, take
from tickets.models import Ticket
from tickets.services import agent_actions, consents, execution, submission
from tickets.types import TYPES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """Let executions wait for whoever is first, however slow the machine; otherwise they would give way and come back later."""
    monkeypatch.setattr(execution, "PATIENCE", "30s")


@pytest.fixture
def due(cast, now):
    """Return due(code, …): a request that the worker has yet to execute."""

    def requested(code, requester=cast.nora, **fields):
        ticket = ask(requester, code, now, **fields)
        return execution.request_execution(ticket.pk, actor=cast.lead, at=now)

    return requested


@pytest.fixture
def work(now):
    """Return work(ticket): the worker's attempt to execute it, as a function."""
    return lambda ticket: lambda: execution.execute(ticket.pk, at=now)


def ended(*tickets):
    """Return how the execution of each has ended, once the worker has come back to those that gave way."""
    for ticket in tickets:
        execution.execute(ticket.pk, at=ticket.execution_requested_at)
    return [Ticket.objects.get(pk=ticket.pk).execution for ticket in tickets]


def test_owner_assigned_meanwhile_stays(cast, now):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    meanwhile(
        lambda: agent_actions.assign(ticket.pk, cast.agent2, actor=cast.agent, at=now),
        'INSERT INTO "tickets_event"',
        lambda: execution.request_execution(ticket.pk, actor=cast.lead, at=now),
    )
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.execution) == (cast.agent2, "requested")


def test_number_moved_away_does_not_end_with_its_old_pbx(cast, due, work):
    old, new = make_pbx("PBX-OLD", cast.bakery, cast.today), make_pbx("PBX-NEW", cast.bakery, cast.today)
    did = make_did("+498981000490", old, activated_on=old.activated_on)
    move, end = due("did_transfer", accepted="50", dids=[did.number], target_pbx=new.serial), due("pbx_terminate", pbx=old.serial)
    meanwhile(work(end), 'UPDATE "classound_did"', work(move))
    assert ended(end, move) == ["done", "refused"]
    did.refresh_from_db()
    assert (did.status, did.pbx, LedgerEntry.objects.count()) == ("cancelled", old, 0)


def test_device_bought_meanwhile_is_not_returned_with_its_pbx(cast, due, work):
    old = make_pbx("PBX-OLD", cast.bakery, cast.today)
    day = old.activated_on
    make_device("SN-OLD", cast.item, old, ownership="hwaas", ordered_on=day, billing_starts_on=day)
    buy, end = due("hwaas_buyout", accepted="129", serials=["SN-OLD"]), due("pbx_terminate", pbx=old.serial)
    meanwhile(work(buy), 'UPDATE "hwaas_device"', work(end))
    assert ended(buy, end) == ["done", "done"]
    device = Device.objects.get(serial="SN-OLD")
    assert (device.ownership, device.state) == ("hw", "in_use")


def test_number_that_moves_between_the_partners_pbxs_is_still_found(cast, due, work):
    make_pbx("PBX-NEW", cast.bakery, cast.today)
    move = due("did_transfer", accepted="50", dids=[cast.did.number], target_pbx="PBX-NEW")
    cancel = due("did_cancel", dids=[cast.did.number])
    meanwhile(work(move), 'INSERT INTO "tickets_event"', work(cancel))
    assert ended(move, cancel) == ["done", "done"]


def test_licences_imported_meanwhile_are_not_overwritten(cast, due, work):
    Licence.objects.create(pbx=cast.pbx, licence_type="business", quantity=20, monthly_price="10.00")
    Pbx.objects.filter(pk=cast.pbx.pk).update(term="1m", expires_on=cast.today)
    fewer = due("licence_change", pbx=cast.pbx.serial, changes=[{"licence_type": "business", "quantity": "15"}])
    rows = Licence.objects.filter(pbx=cast.pbx)
    meanwhile(work(fewer), 'UPDATE "pbx_licence"', lambda: rows.update(quantity=30))
    assert ended(fewer) == ["done"] and rows.get().quantity == 30


def test_customer_does_not_get_two_networks_at_once(cast, now, due, work):
    make_pbx("PBX-NEW", cast.bakery, cast.today)
    asked = {"changes": [{"licence_type": "business", "quantity": "5"}]}
    form = bound_form("licence_change", cast.nord, pbx="PBX-NEW", **asked)
    asked["accepted"] = submission.judge(TYPES["licence_change"], form.answers(at=now), today=now.date()).price
    first, second = (due("licence_change", pbx=serial, **asked) for serial in ("PBX-FREE", "PBX-NEW"))
    meanwhile(work(first), 'INSERT INTO "pbx_licence"', work(second))
    assert ended(first, second) == ["done", "refused"]


def test_address_of_a_number_moved_meanwhile_is_decided(cast, now, due, work):
    number, new = cast.winery_did.number, make_pbx("PBX-NEW", cast.winery, cast.today)
    address = {"user_name": "Maria Rossi", "street": "Via Roma 1", "postcode": "70121", "city": "Bari", "state": "BA", "country": "IT"}
    ticket = carry_out(ask(cast.sara, "emergency_activation", now, locations=[{"did": number} | address]), cast.agent, now)
    move = due("did_transfer", cast.sara, accepted="50", dids=[number], target_pbx=new.serial)
    decision = {f"decision_{number[1:]}": "valid"}
    meanwhile(work(move), 'INSERT INTO "tickets_event"', lambda: take(ticket, "check", cast.agent, now, **decision))
    assert (EmergencyLocation.objects.get().status, Did.objects.get(number=number).pbx) == ("valid", new)


@pytest.mark.parametrize("begins", ["letter", "link"])
def test_letter_attached_while_the_party_is_sent_another_link_counts(cast, now, begins):
    ticket = ask(cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="ALBION", description="It changes with all customers.")
    send_mails(now)
    consents.send_again(ticket.pk, "subject", actor=cast.agent, at=now)
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 signed")
    attach = partial(consents.by_letter, ticket.pk, "subject", letter, name="Karl Kiel", actor=cast.agent, at=now)
    if begins == "letter":
        meanwhile(attach, 'INSERT INTO "tickets_attachment"', lambda: send_mails(now))
    else:
        meanwhile(lambda: send_mails(now), 'UPDATE "tickets_confirmation"', attach)
    party = ticket.confirmations.get(party="subject")
    assert (party.decision, party.decided_by, party.digest, ticket.attachments.count()) == ("agreed", "Karl Kiel", None, 1)
