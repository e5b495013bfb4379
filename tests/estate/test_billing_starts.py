"""HW-6 in the import: billing is derived from the shipment, unless the file, staff or an earlier action of Careline says otherwise."""

import datetime

import pytest
from django.utils import timezone

from hwaas.models import Device
from hwaas.services import set_billing_start
from partners.models import User
from policies.models import PolicyValue

HEADER = "serial,item,pbx,ownership,ordered_on,shipped_on,billing_starts_on,warranty_document\n"


def row(serial, *, ownership="hwaas", shipped="2026-01-12", billing=""):
    return f"{serial},DP,A1,{ownership},2026-01-10,{shipped},{billing},no\n"


def starts():
    return {serial: day and day.isoformat() for serial, day in Device.objects.values_list("serial", "billing_starts_on")}


@pytest.fixture
def devices(good, load):
    """devices(rows) imports the small estate with these devices and returns the change of their file."""

    def imported(*rows):
        return next(change for change in load(good | {"devices.csv": HEADER + "".join(rows)}) if change.file == "devices.csv")

    return imported


def test_billing_start_is_derived_once_from_the_shipment(devices):
    rows = row("S1"), row("S2", billing="2026-03-01"), row("S3", shipped=""), row("S4", ownership="hw")
    devices(*rows)
    assert starts() == {"S1": "2026-01-26", "S2": "2026-03-01", "S3": None, "S4": None}
    assert devices(*rows).unchanged == 4
    devices(row("S1", shipped="2026-01-20"), row("S3", shipped="2026-02-01"))
    assert (starts()["S1"], starts()["S3"]) == ("2026-02-03", "2026-02-15")


def test_policy_value_of_the_shipping_day_applies(devices):
    admin = User.objects.create_user("admin@care.example", role="admin", full_name="Ari Admin")
    devices(row("S1"))
    for basis, day, value in (("request", "2026-02-01", "20 days"), ("origin", "2026-03-01", "1 month")):
        PolicyValue.objects.create(code="hwaas.billing_start_days", value=value, valid_from=day, basis=basis, note="a test", set_by=admin)
    assert devices(row("S1"), row("S2", shipped="2026-02-01"), row("S3", shipped="2026-03-01")).unchanged == 1
    assert starts() == {"S1": "2026-01-26", "S2": "2026-02-21", "S3": "2026-04-01"}


def test_billing_start_set_by_staff_is_kept(devices):
    admin = User.objects.create_user("admin@care.example", role="admin", full_name="Ari Admin")
    devices(row("S1"), row("S2"))
    device = Device.objects.get(serial="S1")
    set_billing_start(device, datetime.date(2026, 4, 1), reason="Delivered late.", by=admin, at=timezone.now())
    # A replacement continues with the day of the old device, whatever the day of its own shipment.
    Device.objects.filter(serial="S2").update(shipped_on="2026-06-01")
    assert devices(row("S1", billing="2026-01-26"), row("S2", shipped="2026-06-02")).created == 0
    assert starts() == {"S1": "2026-04-01", "S2": "2026-01-26"}
