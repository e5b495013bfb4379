"""Files against the database: rows may refer to it, must not contradict it, and do not undo changes that are not theirs."""

import datetime
from decimal import Decimal

import pytest

from billing.models import Invoice
from billing.services import issue_credit_note
from classound.models import Did
from hwaas.models import Device, Order
from partners.models import EndUser, Partner, Reseller, User
from pbx.models import Commitment, Pbx
from tickets.models import Ticket

DIDS = "number,pbx,kind,country,status,activated_on,porting_date,porting_confirmed,migration_code,monthly_price\n"
NOON = datetime.datetime(2026, 11, 18, 12, tzinfo=datetime.UTC)
PBXS = "serial,end_user,name,product,term,activated_on,expires_on,wms_version,wms_role,wms_server,read_only\n"


def test_order_cancelled_by_request_cannot_be_dispatched(imported, load, refused):
    order = Order.objects.filter(dispatched_on=None).first()
    head = "number,partner,country,placed_on,dispatched_on,carrier,tracking_number\n"
    row = f"{order.number},{order.partner.code},{order.country},{order.placed_on},{{}},,\n"
    Order.objects.filter(pk=order.pk).update(cancelled_on=order.placed_on)
    load({"orders.csv": head + row.format("")})
    reason = f"{order.number} was cancelled on {order.placed_on} by a request: it cannot have been dispatched."
    assert refused({"orders.csv": head + row.format(order.placed_on)}) == [("orders.csv", 2, "dispatched_on", reason)]


def test_credited_line_cannot_become_smaller_nor_its_invoice_move(imported, load, refused, good):
    invoice = Invoice.objects.get(number="I1")
    issue_credit_note(invoice, [(invoice.lines.get(line=1), Decimal("8.00"))], number="CN-1", source="ticket:1", today=NOON.date())
    load({"invoice_lines.csv": good["invoice_lines.csv"].replace("412.5,0.02", "400,0.02").replace("12,3.00", "1,3.00")})
    smaller = good["invoice_lines.csv"].replace("412.5,0.02", "399.5,0.02")
    reason = "8.00 EUR of this line has been credited: it cannot be smaller."
    assert refused({"invoice_lines.csv": smaller}) == [("invoice_lines.csv", 2, "unit_price", reason)]
    kept = "A credit note was issued for I1: its partner and currency can no longer be changed."
    for column, text in {
        "currency": good["invoices.csv"].replace("EUR", "USD"),
        "partner": good["invoices.csv"].replace("P1", "P2"),
    }.items():
        assert refused({"invoices.csv": text}) == [("invoices.csv", 2, column, kept)]


def test_file_undoing_a_requests_change_is_reported(imported, good, load):
    agent = User.objects.create(email="a@care.example", role="agent")
    about = {
        "type_code": "hwaas_buyout",
        "partner": Partner.objects.get(code="P1"),
        "requester": agent,
        "policy_on": datetime.date(2026, 11, 1),
    }
    done = Ticket.objects.create(
        answers={"serials": ["S1"], "message": ""}, execution="done", verdict={}, created_at=NOON, updated_at=NOON, **about
    )
    Ticket.objects.create(answers={"serials": ["S2"]}, verdict={}, created_at=NOON, updated_at=NOON, **about)
    Device.objects.update(ownership="hw", warranty_document=True)
    (change,) = load({"devices.csv": good["devices.csv"].replace("hw,2020", "hwaas,2020")}, dry_run=True)
    assert (change.changed, change.all_undone) == (2, 1)
    assert change.undone == [f"S1 (#{done.pk}): ownership hw → hwaas, warranty_document true → false"]


def test_rows_may_refer_to_rows_in_the_database(imported, load):
    load({"dids.csv": DIDS + "+493055509X,B1,new,DE,active,,,,,\n"})
    assert Did.objects.get(number="+493055509X").pbx.serial == "B1"


def test_numbers_overlapping_the_database_are_rejected(imported, refused):
    text = DIDS + "+49305550150,B1,new,DE,active,,,,,\n+39081055XXX,C1,new,IT,cancelled,,,,,\n"
    reason = "+49305550150 overlaps +493055501XX, which is in the database on PBX A1."
    assert refused({"dids.csv": text}) == [("dids.csv", 2, "number", reason)]


def test_number_cancelled_by_request_can_be_replaced(imported, load):
    Did.objects.filter(number="+39081055010X").update(status="cancelled")
    text = DIDS + "+390810550100,C1,new,IT,active,2026-11-01,,,,\n+39081055010X,C1,new,IT,cancelled,2025-01-01,,,,\n"
    load({"dids.csv": text})
    assert dict(Did.objects.filter(pbx__serial="C1").values_list("number", "status")) == {
        "+390810550100": "active",
        "+39081055010X": "cancelled",
    }


def test_number_not_cancelled_by_request_cannot_be_replaced(imported, refused):
    text = DIDS + "+390810550100,C1,new,IT,active,2026-11-01,,,,\n+39081055010X,C1,new,IT,cancelled,2025-01-01,,,,\n"
    reason = "+39081055010X overlaps +390810550100 in line 2."
    assert refused({"dids.csv": text}) == [("dids.csv", 3, "number", reason)]


@pytest.mark.parametrize("ends", ["cancelled", "outgoing_only"])
def test_ported_out_number_becomes_outgoing_only_and_keeps_its_price(imported, load, ends):
    text = DIDS + f"+493055502X,B1,ported,DE,{ends},,,,MC2,0\n"
    (change,) = load({"dids.csv": text})
    did = Did.objects.get(number="+493055502X")
    assert (did.status, did.pbx.serial, did.monthly_price) == ("outgoing_only", "A1", Decimal("5.97"))
    assert did.activated_on == datetime.date(2026, 1, 1)
    assert (change.changed, change.ported_out) == (1, ["+493055502X"])


def test_second_import_of_a_ported_out_number_changes_nothing(imported, load):
    text = DIDS + "+493055502X,A1,ported,DE,cancelled,2026-01-01,,,MC2,5.97\n"
    load({"dids.csv": text})
    (change,) = load({"dids.csv": text})
    assert (change.changed, change.unchanged) == (0, 1)


def test_ordered_number_reported_cancelled_is_cancelled(imported, load):
    load({"dids.csv": DIDS + "+49305550300,B1,ported,DE,cancelled,,,,,\n"})
    assert Did.objects.get(number="+49305550300").status == "cancelled"


def test_port_out_day_is_kept_while_outgoing_only(imported, good, load):
    day = datetime.date(2026, 11, 2)
    Did.objects.filter(number="+493055502X").update(status="outgoing_only", ported_out_on=day)
    load({"dids.csv": DIDS + "+493055502X,A1,ported,DE,outgoing_only,2026-01-01,,,MC2,6.50\n"})
    did = Did.objects.get(number="+493055502X")
    assert (did.ported_out_on, did.monthly_price) == (day, Decimal("6.50"))
    load(good)
    assert Did.objects.get(number="+493055502X").ported_out_on is None


def test_reactivated_number_loses_its_cancellation_day(imported, good, load):
    day = datetime.date(2026, 11, 2)
    Did.objects.filter(number__in=["+390810550100", "+493055502X"]).update(cancelled_on=day, status="cancelled")
    load(good)
    assert Did.objects.get(number="+390810550100").cancelled_on == day
    assert Did.objects.get(number="+493055502X").cancelled_on is None


def test_client_and_server_may_swap_roles(imported, load):
    text = PBXS + "A1,E1,Main,uc,1y,,,6.05,client,B1,no\nB1,E1,Branch,uc,1m,,,6.05,server,,no\n"
    load({"pbxs.csv": text})
    assert Pbx.objects.get(serial="A1").wms_server.serial == "B1"


def test_server_with_clients_keeps_its_role(imported, refused):
    reason = "A1 must remain a server: PBX B1 in the database is its client."
    assert refused({"pbxs.csv": PBXS + "A1,E1,Main,uc,1y,,,6.05,standalone,,no\n"}) == [("pbxs.csv", 2, "wms_role", reason)]


def test_reseller_cannot_move_without_its_end_users(imported, good, load, refused):
    alone = "code,partner,name,email\nR1,P2,Küste IT,\n"
    reason = "R1 cannot move to P2 alone: its end user E1 in the database is with P1."
    assert refused({"resellers.csv": alone}) == [("resellers.csv", 2, "partner", reason)]
    load({"resellers.csv": alone, "end_users.csv": good["end_users.csv"].replace("E1,P1", "E1,P2")})
    assert EndUser.objects.get(code="E1").partner.code == "P2"


def test_import_cannot_turn_staff_into_contacts(good, refused, db):
    User.objects.create_user("sara@sud.example", role="agent", full_name="Sara Agent")
    assert refused(good) == [("contacts.csv", 3, "email", "sara@sud.example belongs to a member of staff.")]


def test_import_cannot_move_a_contact_to_another_partner(imported, good, refused):
    good["contacts.csv"] = good["contacts.csv"].replace("example,P1", "example,P2")
    reason = "nora@nord.example is a contact of P1; an import cannot move a person’s access to another partner."
    assert refused(good) == [("contacts.csv", 2, "partner", reason)]


def test_existing_contact_keeps_password_and_access(imported, good, load):
    nora = User.objects.get(email="nora@nord.example")
    nora.set_password("a password of her own")
    nora.is_active = False
    nora.save()
    load({"contacts.csv": good["contacts.csv"].replace("Nora Brandt", "Nora Holm")})
    nora.refresh_from_db()
    assert (nora.full_name, nora.is_active, nora.check_password("a password of her own")) == ("Nora Holm", False, True)


def test_columns_not_in_the_file_are_kept(imported, good, load):
    Device.objects.filter(serial="S1").update(state="lost")
    load({"devices.csv": good["devices.csv"].replace("2026-01-26", "2026-01-27")})
    assert Device.objects.get(serial="S1").state == "lost"


def test_commitment_is_matched_by_pbx_and_start(imported, load):
    header = "pbx,years,starts_on,ends_on\n"
    load({"commitments.csv": header + "A1,5,2025-02-01,2030-02-01\n"})
    pbx = Pbx.objects.get(serial="A1")
    assert [(c.years, c.ends_on) for c in pbx.commitments.all()] == [(5, datetime.date(2030, 2, 1))]
    # Of several, the one with the same start is meant, otherwise the latest.
    Commitment.objects.create(pbx=pbx, years=3, starts_on=datetime.date(2020, 1, 1), ends_on=datetime.date(2023, 1, 1))
    [change] = load({"commitments.csv": header + "A1,3,2020-01-01,2023-01-01\n"})
    assert change.unchanged == 1
    load({"commitments.csv": header + "A1,3,2025-03-01,2028-03-01\n"})
    assert sorted(pbx.commitments.values_list("starts_on", flat=True)) == [datetime.date(2020, 1, 1), datetime.date(2025, 3, 1)]


def test_only_a_replaced_address_counts_as_new(imported, load):
    head = "code,partner,name,email\n"
    load({"resellers.csv": head + "R1,P1,Küste IT,other@kueste.example\nR2,P2,Costa Reti,info@costa.example\n"})
    load({"resellers.csv": head + "R1,P1,Küste Netz,other@kueste.example\n"})
    since = dict(Reseller.objects.values_list("code", "email_since"))
    assert (since["R1"].date(), since["R2"]) == (datetime.date(2026, 11, 18), None)
