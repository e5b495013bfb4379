"""An import starts while a request about the same thing is executed, or a person changes it: what the import has derived still holds."""

import datetime
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from billing.models import Invoice, InvoiceLine, LedgerEntry
from classound.models import Did
from estate.problems import ImportRefused
from hwaas.services import set_billing_start
from inbound.personal_data import erase
from partners.models import User
from pbx.models import Licence, Pbx
from tests.cast import make_commitment, make_device, make_pbx
from tests.estate.conftest import import_texts
from tests.interleaving import meanwhile
from tests.tickets.actions import ask, bound_form
from tickets.models import Ticket
from tickets.services import execution, submission
from tickets.types import TYPES

pytestmark = pytest.mark.django_db(transaction=True)
DIDS = "number,pbx,kind,country,status,activated_on,porting_date,porting_confirmed,migration_code,monthly_price\n"
DEVICES = "serial,item,pbx,ownership,ordered_on,shipped_on,billing_starts_on,warranty_document\n"
LICENCES = "pbx,licence_type,quantity,monthly_price,activated_on\n"
COMMITMENTS = "pbx,years,starts_on,ends_on\n"
INVOICE_LINES = "invoice,line,description,quantity,unit_price\n"
CONTACTS = "email,partner,full_name,label\n"


@pytest.fixture
def due(cast, now, monkeypatch):
    """Return due(code, …): the worker's attempt to execute such a request, as an operation."""
    monkeypatch.setattr(execution, "PATIENCE", "30s")

    def requested(code, **fields):
        ticket = ask(cast.nora, code, now, **fields)
        execution.request_execution(ticket.pk, actor=cast.lead, at=now)
        return partial(execution.execute, ticket.pk, at=now)

    return requested


def importing(now, file, text):
    return partial(import_texts, {file: text}, today=now.date())


def test_number_cancelled_while_a_file_ends_it_stays_cancelled(cast, now, due):
    load = importing(now, "dids.csv", f"{DIDS}{cast.did.number},{cast.pbx.serial},new,DE,cancelled,,,,,0\n")
    (imported,), more = meanwhile(load, "AS existing", due("did_cancel", dids=[cast.did.number]))
    did = Did.objects.get(pk=cast.did.pk)
    assert (more, did.status, did.cancelled_on) == (False, "cancelled", now.date())
    assert (imported.changed, imported.unchanged, imported.first_changed, imported.ported_out) == (0, 1, [], [])


def test_number_moved_while_a_file_ends_it_stays_on_its_new_pbx(cast, now, due):
    new = make_pbx("PBX-NEW", cast.bakery, cast.today)
    load = importing(now, "dids.csv", f"{DIDS}{cast.did.number},{cast.pbx.serial},new,DE,cancelled,,,,,0\n")
    move = due("did_transfer", accepted="50", dids=[cast.did.number], target_pbx=new.serial)
    (imported,), more = meanwhile(load, "AS existing", move)
    did = Did.objects.get(pk=cast.did.pk)
    assert (more, did.status, did.pbx, imported.ported_out) == (False, "outgoing_only", new, [did.number])


@pytest.fixture
def phone(cast):
    """An HWaaS device without a billing start."""
    day = cast.today - datetime.timedelta(days=60)
    return make_device("SN-LATE", cast.item, cast.pbx, ownership="hwaas", ordered_on=day)


def row_of(device, shipped, starts=""):
    return f"{DEVICES}{device.serial},{device.item.code},{device.pbx.serial},hwaas,{device.ordered_on},{shipped},{starts},no\n"


@pytest.mark.parametrize("starts", ["", "2026-01-01"])
def test_billing_start_set_by_staff_meanwhile_is_kept(cast, now, phone, starts):
    load, day = importing(now, "devices.csv", row_of(phone, phone.ordered_on, starts)), cast.today
    by_staff = partial(set_billing_start, phone, day, reason="Delivered late.", by=cast.admin, at=now)
    (imported,), _set = meanwhile(load, "AS existing", transaction.atomic(by_staff))
    phone.refresh_from_db()
    assert (imported.changed, phone.shipped_on, phone.billing_starts_on) == (1, phone.ordered_on, day)


def test_device_converted_meanwhile_is_billed_from_its_conversion(cast, now, due):
    device = cast.phone
    convert = due("hw_to_hwaas", serials=[device.serial])
    _imported, more = meanwhile(importing(now, "devices.csv", row_of(device, device.ordered_on)), "AS existing", convert)
    device.refresh_from_db()
    assert (more, device.ownership, device.billing_starts_on) == (False, "hwaas", now.date())


def test_person_erased_meanwhile_does_not_get_their_name_back(cast, now):
    User.objects.filter(pk=cast.sara.pk).update(is_active=False)
    load = importing(now, "contacts.csv", f"{CONTACTS}{cast.sara.email},SUD,Sara Again,\n")
    meanwhile(load, "SQL('UPDATE ')", partial(erase, cast.sara))
    sara = User.objects.get(pk=cast.sara.pk)
    assert sara.email.endswith(".invalid") and sara.full_name.startswith("Former")


@pytest.mark.parametrize("becomes", [{"partner": "nord"}, {"partner": None, "role": "agent"}])
def test_person_who_changes_sides_meanwhile_is_not_moved_back(cast, now, becomes):
    new = becomes | {"partner": getattr(cast, becomes["partner"] or "", None)}
    load = importing(now, "contacts.csv", f"{CONTACTS}{cast.sara.email},SUD,Sara Again,\n")
    meanwhile(load, "AS existing", lambda: User.objects.filter(pk=cast.sara.pk).update(**new))
    sara = User.objects.get(pk=cast.sara.pk)
    assert (sara.partner, sara.full_name) == (new["partner"], "Sara Sud")


@pytest.mark.parametrize("before", [None, 2020])
def test_commitment_requested_meanwhile_stays_the_only_one(cast, now, due, before):
    if before:
        make_commitment(cast.pbx, datetime.date(before, 1, 1), 1)
    Pbx.objects.filter(pk=cast.pbx.pk).update(term="1y")
    start = cast.today - datetime.timedelta(days=30)
    load = importing(now, "commitments.csv", f"{COMMITMENTS}{cast.pbx.serial},3,{start},{start.replace(year=start.year + 3)}\n")
    imported, more = meanwhile(load, "SQL('INSERT INTO ')", due("commitment_request", pbx=cast.pbx.serial, years="3"))
    assert isinstance(imported, ImportRefused) and "A request has just started a Commitment of PBX-FREE." in str(imported)
    assert not more and [c.starts_on for c in cast.pbx.commitments.filter(ends_on__gt=cast.today)] == [now.date()]


def test_line_credited_meanwhile_is_not_made_smaller(cast, now, due):
    invoice = Invoice.objects.create(number="INV-1", partner=cast.nord, issued_on=cast.today, currency="EUR")
    line = InvoiceLine.objects.create(invoice=invoice, line=1, description="Support", quantity=1, unit_price=50)
    why = "The PBX was terminated before this year began, so nothing was left to support."
    credit = due("credit_note_request", invoice="INV-1", lines=[{"line": "1", "amount": "50"}], justification=why)
    imported, more = meanwhile(importing(now, "invoice_lines.csv", f"{INVOICE_LINES}INV-1,1,Support,1,20\n"), "AS existing", credit)
    assert isinstance(imported, ImportRefused) and "50.00 EUR of this line has been credited" in str(imported)
    line.refresh_from_db()
    assert (more, line.uncredited) == (False, 0)


ADDED = {
    "licence_change": ("business", {"changes": [{"licence_type": "business", "quantity": "20"}]}),
    "teams_licence_change": ("teams", {"quantity": "20"}),
}


@pytest.mark.parametrize("code", ADDED)
def test_licences_of_a_new_type_that_are_imported_meanwhile_are_not_charged_again(cast, now, due, code):
    licence_type, asked = ADDED[code]
    Pbx.objects.filter(pk=cast.pbx.pk).update(term="1y", expires_on=cast.today + datetime.timedelta(days=90))
    Licence.objects.create(pbx=cast.pbx, licence_type="premium", quantity=50, monthly_price="10.00")
    asked["pbx"] = cast.pbx.serial
    form = bound_form(code, cast.nord, **asked)
    asked["accepted"] = submission.judge(TYPES[code], form.answers(at=now), today=now.date()).price
    work = due(code, **asked)
    load = importing(now, "licences.csv", f"{LICENCES}{cast.pbx.serial},{licence_type},15,10,\n")
    imported, overtaken = meanwhile(load, "SET CONSTRAINTS", work)
    assert (imported[0].created, type(overtaken)) == (1, IntegrityError)
    assert not work() and Ticket.objects.get().execution == "refused", "5 are added now, which is not what was quoted"
    assert Licence.objects.get(pbx=cast.pbx, licence_type=licence_type).quantity == 15 and not LedgerEntry.objects.exists()
