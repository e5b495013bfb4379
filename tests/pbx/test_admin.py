"""Licences and Commitments changed manually in the admin site follow the rules, each refusal at its field with its code."""

import datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from pbx.models import Commitment, ConsoleReport, Licence, Pbx
from tests.cast import make_commitment


@pytest.fixture
def change(client, cast, now):
    """change(row, at=…, **fields) posts the admin form of a row; returns the texts of the errors by field, {} when it was saved."""

    def post(row, *, at=now, **fields):
        path = reverse(f"admin:pbx_{row._meta.model_name}_change", args=[row.pk])
        with time_machine.travel(at):
            client.force_login(cast.admin)
            assert client.get(path).status_code == 200
            answer = client.post(path, fields)
        if answer.status_code == 302:
            return {}
        form = answer.context["adminform"].form
        return {name: " ".join(errors) for name, errors in form.errors.items()}

    return post


def licence(pbx, quantity, licence_type="business"):
    return Licence.objects.create(pbx=pbx, licence_type=licence_type, quantity=quantity, monthly_price=8)


def test_quantity_change_is_saved_and_logged(change, cast):
    row = licence(cast.pbx, 5)
    assert change(row, quantity=9) == {}
    row.refresh_from_db()
    assert (row.quantity, row.monthly_price) == (9, 8)
    assert LogEntry.objects.get().user == cast.admin
    assert "quantity" in change(row, quantity=-1)


@pytest.mark.parametrize(
    ("at", "is_refused"),
    [
        (datetime.datetime(2026, 11, 30, 21, 59, tzinfo=datetime.UTC), False),
        (datetime.datetime(2026, 11, 30, 22, 0, tzinfo=datetime.UTC), True),
        (datetime.datetime(2026, 12, 1, 0, 0, tzinfo=datetime.UTC), False),
    ],
)
def test_quantity_cannot_change_during_the_blackout(change, cast, at, is_refused):
    errors = change(licence(cast.pbx, 5), at=at, quantity=9)
    assert ("LIC-3" in errors.get("quantity", "")) is is_refused and bool(errors) is is_refused


def test_quantity_cannot_drop_under_commitment_before_the_free_day(change, cast, now):
    row = licence(cast.committed, 5)
    assert "COM-4" in change(row, quantity=4)["quantity"]
    assert change(row, quantity=6) == {}
    free = datetime.datetime.combine(cast.commitment.ends_on, datetime.time(9), tzinfo=datetime.UTC)
    assert change(row, at=free, quantity=4) == {}
    assert "DID-17" in change(licence(cast.committed, 5, "teams"), quantity=4)["quantity"]


def test_second_network_cannot_become_active_but_an_active_one_can_grow(change, cast):
    first, second = licence(cast.pbx, 5), licence(cast.committed, 0)
    assert "LIC-5" in change(second, quantity=1)["quantity"]
    Licence.objects.filter(pk=second.pk).update(quantity=1)
    assert change(second, quantity=2) == {} and change(first, quantity=6) == {}
    Licence.objects.filter(pk=second.pk).update(quantity=0)
    Pbx.objects.filter(pk=cast.pbx.pk).update(wms_role="server")
    Pbx.objects.filter(pk=cast.committed.pk).update(wms_role="client", wms_server=cast.pbx)
    assert change(second, quantity=1) == {}


def test_server_keeps_the_licences_its_clients_users_need(change, cast):
    row = licence(cast.pbx, 10)
    Pbx.objects.filter(pk=cast.pbx.pk).update(wms_role="server")
    Pbx.objects.filter(pk=cast.committed.pk).update(wms_role="client", wms_server=cast.pbx)
    report = ConsoleReport.objects.create(
        pbx=cast.committed, registered_users=8, wms_role="client", wms_server=cast.pbx.serial, reported_at="2026-11-17T04:00:00Z"
    )
    assert "LIC-6" in change(row, quantity=7)["quantity"]
    assert change(row, quantity=8) == {}
    wrong = {"pbx": report.pbx_id, "registered_users": 9, "wms_role": "client", "wms_server": "", "reported_at_0": "2026-11-18"}
    assert "wms_server" in change(report, **wrong)


def test_no_licences_can_be_added_to_an_expired_pbx(change, cast):
    row = licence(cast.pbx, 5)
    Pbx.objects.filter(pk=cast.pbx.pk).update(expires_on=cast.today)
    assert "DID-9" in change(row, quantity=6)["quantity"]
    assert change(row, quantity=4) == {}


def test_wizywebinar_licences_end_after_access_has_ended(change, cast):
    row = licence(cast.pbx, 5, "wizywebinar")
    assert "LIC-7" in change(row, quantity=4)["webinar_is_ended"]
    assert change(row, quantity=4, webinar_is_ended="on") == {}


def test_commitment_renewal_can_be_changed_until_its_free_day_has_passed(change, cast, now):
    assert change(cast.commitment) == {}
    assert Commitment.objects.get(pk=cast.commitment.pk).renews is False
    ends = datetime.datetime.combine(cast.commitment.ends_on, datetime.time(9), tzinfo=datetime.UTC)
    assert change(cast.commitment, at=ends, renews="on") == {}
    assert "COM-6" in change(cast.commitment, at=ends + datetime.timedelta(days=1))["renews"]
    make_commitment(cast.committed, cast.commitment.ends_on, 5)
    assert "COM-6" in change(cast.commitment)["renews"]
