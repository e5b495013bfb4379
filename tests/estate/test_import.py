"""What an import writes to the database, and what it leaves alone."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection

from billing.models import InvoiceLine, LedgerEntry
from classound.models import Call, Did
from estate.problems import ImportRefused
from estate.tables import TABLES
from hwaas.models import Device
from partners.models import EndUser, Partner, User
from pbx.models import Commitment, Pbx


def row_versions():
    """Return the version (xmin, ctid) of every row of the estate: it changes as soon as a row is rewritten."""
    versions = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT id, xmin::text, ctid::text FROM {table.model._meta.db_table} ORDER BY id")  # noqa: S608
            versions[table.file] = cursor.fetchall()
    return versions


def test_small_estate_is_imported(good, load):
    changes = load(good)
    assert [(change.file, change.created) for change in changes] == [(name, text.count("\n") - 1) for name, text in good.items()]

    sud = Partner.objects.get(code="P2")
    assert (sud.name, sud.currency, sud.billing_email) == ("Sud, Voce & C.", "EUR", "")
    assert EndUser.objects.get(code="E1").reseller.code == "R1"
    assert EndUser.objects.get(code="E2").reseller is None
    assert Pbx.objects.get(serial="B1").wms_server.serial == "A1"
    only = Pbx.objects.get(serial="C1")
    assert (only.wms_role, only.read_only, only.expires_on) == ("standalone", True, None)
    assert Commitment.objects.get(pbx=only).ends_on == datetime.date(2023, 2, 28)
    block = Did.objects.get(number="+493055501XX")
    assert (block.numbers.lower, block.numbers.upper) == (49305550100, 49305550200)
    assert (block.monthly_price, block.porting_confirmed) == (Decimal("23.77"), False)
    assert Did.objects.get(number="+49305550300").porting_date == datetime.date(2026, 12, 1)
    device = Device.objects.get(serial="S1")
    assert (device.item.code, device.state, device.billing_starts_on) == ("DP", "in_use", datetime.date(2026, 1, 26))
    assert InvoiceLine.objects.get(line=1).description == 'Calls, "area 1"'
    assert not LedgerEntry.objects.exists()


def test_imported_number_ranges_equal_computed_ones(imported):
    for did in Did.objects.all():
        imported = did.numbers
        did.save()
        assert did.numbers == imported


def test_calls_are_attached_to_their_number_or_range(imported):
    assert dict(Call.objects.values_list("call_id", "did__number")) == {"K1": "+493055501XX", "K2": "+493055501XX", "K3": "+49305550300"}
    assert Call.objects.get(call_id="K2").started_at == datetime.datetime(2026, 11, 1, 10, 30, tzinfo=datetime.UTC)


def test_datetime_with_an_unusual_offset_is_accepted(good, load):
    good["calls.csv"] = good["calls.csv"].replace("2026-11-01T12:30:00+02:00", "2026-11-02T06:13:00+19:43")
    load(good)
    assert Call.objects.get(call_id="K2").started_at == datetime.datetime(2026, 11, 1, 10, 30, tzinfo=datetime.UTC)


def test_contact_gets_a_lower_case_address_and_no_password(imported):
    nora = User.objects.get(email="nora@nord.example")
    assert (nora.role, nora.partner.code, nora.is_active) == ("contact", "P1", True)
    assert not nora.has_usable_password()


def test_importing_the_same_files_again_writes_nothing(imported, good, load):
    before = row_versions()
    changes = load(good)
    assert [(change.created, change.changed, change.unchanged) for change in changes] == [
        (0, 0, text.count("\n") - 1) for text in good.values()
    ]
    assert row_versions() == before


def test_only_differences_are_written(imported, good, load):
    before = row_versions()
    changes = load({"items.csv": good["items.csv"].replace("119", "125.50") + "NEW,New,1,1,\n"})
    assert [(change.created, change.changed, change.unchanged) for change in changes] == [(1, 1, 1)]
    assert (changes[0].first_created, changes[0].first_changed) == (["NEW"], ["DP"])
    after = row_versions()
    assert len(set(after["items.csv"]) - set(before["items.csv"])) == 2
    assert {**after, "items.csv": None} == {**before, "items.csv": None}


def test_empty_cell_clears_a_value(imported, good, load):
    load({"orders.csv": good["orders.csv"].replace("2026-11-03,DHL,T1", ",,")})
    assert not Partner.objects.get(code="P1").orders.exclude(dispatched_on=None).exists()


def test_dry_run_counts_but_changes_nothing(imported, good, load):
    before = row_versions()
    good["items.csv"] = good["items.csv"].replace("119", "120")
    good["partners.csv"] += "P3,New,FR,EU,EUR,Europe/Paris,,\n"
    changes = {change.file: change for change in load(good, dry_run=True)}
    assert (changes["items.csv"].changed, changes["partners.csv"].created) == (1, 1)
    assert row_versions() == before


def test_one_bad_row_leaves_the_database_unchanged(imported, good, load):
    before = row_versions()
    good["partners.csv"] = good["partners.csv"].replace("Nord Voice", "Other name")
    good["calls.csv"] += "K4,+493055501XX,,2026-11-01T10:00:00Z,-1,out,,\n"
    with pytest.raises(ImportRefused):
        load(good)
    assert row_versions() == before


def test_constraint_violation_is_reported_as_one_problem(good, load, refused):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE hwaas_item ADD CONSTRAINT an_item_has_a_short_name CHECK (length(name) < 9)")
    reason = "the database rejected it: "
    [(file, line, column, told)] = refused(good)
    assert (file, line, column) == ("items.csv", 0, "")
    assert told.startswith(reason) and "an_item_has_a_short_name" in told and "Desk phone" not in told  # nor the rest of the row
    assert not Partner.objects.exists()
