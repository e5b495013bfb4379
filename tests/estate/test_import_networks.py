"""LIC-5, COM-6, LIC-6 in the import: no second active network, existing violations may continue; what has ended is not resumed."""

import datetime

import pytest

from pbx.models import Commitment, ConsoleReport, Licence, Pbx

LICENCES = "pbx,licence_type,quantity,monthly_price,activated_on\n"
PBXS = "serial,end_user,name,product,term,activated_on,expires_on,wms_version,wms_role,wms_server,read_only\n"


@pytest.fixture
def known(good, load):
    """The small estate with an additional standalone PBX of E1, which has no licences yet."""
    good["pbxs.csv"] += "D1,E1,Second,uc,1y,,,6.05,standalone,,no\n"
    load(good)
    return good


def test_second_active_network_is_rejected_in_its_line(known, refused):
    reason = "E1 already has active licences on A1: since 19 April 2022 D1 can have some only in the same WMS network (LIC-5)."
    assert refused({"licences.csv": LICENCES + "D1,teams,0,1,\nD1,basic,1,3.00,\n"}) == [("licences.csv", 3, "quantity", reason)]
    assert not Licence.objects.filter(pbx__serial="D1").exists()


def test_second_network_is_accepted_before_the_policy_date(known, load):
    load({"licences.csv": LICENCES + "D1,basic,1,3.00,\n"}, today=datetime.date(2022, 4, 18))


def test_pbx_in_the_active_network_may_have_licences(known, load):
    load({"pbxs.csv": PBXS + "D1,E1,Second,uc,1y,,,6.05,client,A1,no\n", "licences.csv": LICENCES + "D1,basic,1,3.00,\n"})
    assert Pbx.objects.get(serial="D1").wms_server.serial == "A1"


def test_leaving_the_network_or_customer_is_rejected_in_its_column(known, load, refused):
    load({"licences.csv": LICENCES + "B1,basic,1,3.00,\nC1,basic,1,3.00,\n"})
    [problem] = refused({"pbxs.csv": PBXS + "B1,E1,Branch,uc,1m,2026-01-15,2026-12-15,6.05,standalone,,no\n"})
    assert problem[:3] == ("pbxs.csv", 2, "wms_role")
    [problem] = refused({"pbxs.csv": PBXS + "C1,E1,Only,xbees,lifetime,2020-02-29,,,,,yes\n"})
    assert problem[:3] == ("pbxs.csv", 2, "end_user")


def test_existing_violation_is_tolerated_but_not_extended(good, load, refused):
    good["pbxs.csv"] += "D1,E1,Second,uc,1y,,,6.05,standalone,,no\nE9,E1,Third,uc,1y,,,6.05,standalone,,no\n"
    good["licences.csv"] += "D1,basic,1,3.00,\n"
    load(good)
    assert {(change.created, change.changed) for change in load(good)} == {(0, 0)}
    load({"licences.csv": good["licences.csv"].replace("D1,basic,1", "D1,basic,7")})
    [problem] = refused({"licences.csv": LICENCES + "E9,basic,1,3.00,\n"})
    assert problem[:3] == ("licences.csv", 2, "quantity")


def test_licences_first_imported_after_their_pbxs_are_accepted(good, load):
    later = {"licences.csv": good.pop("licences.csv") + "D1,basic,1,3.00,\n"}
    good["pbxs.csv"] += "D1,E1,Second,uc,1y,,,6.05,standalone,,no\n"
    load(good)
    load(later)
    assert Licence.objects.filter(pbx__serial="D1").exists()


def test_only_running_commitments_renew(imported, good, load):
    assert dict(Commitment.objects.values_list("pbx__serial", "renews")) == {"A1": True, "C1": False}
    Commitment.objects.filter(pbx__serial="A1").update(renews=False)
    assert {change.changed for change in load(good)} == {0}
    load({"commitments.csv": good["commitments.csv"].replace("C1,3,2020-02-29,2023-02-28", "C1,3,2026-01-01,2029-01-01")})
    assert dict(Commitment.objects.values_list("pbx__serial", "renews")) == {"A1": False, "C1": True}


def test_console_report_is_imported_and_validated(imported, refused):
    report = ConsoleReport.objects.get(pbx__serial="B1")
    assert (report.registered_users, report.wms_role, report.wms_server) == (9, "client", "A1")
    rows = "B1,9,client,,2026-11-17T04:00:00Z\nA1,x,server,B1,yesterday\nZ9,1,standalone,,2026-11-17T04:00:00Z\n"
    problems = refused({"console.csv": "pbx,registered_users,wms_role,wms_server,reported_at\n" + rows})
    assert [problem[:3] for problem in problems] == [
        ("console.csv", 2, "wms_server"),
        ("console.csv", 3, "registered_users"),
        ("console.csv", 3, "reported_at"),
        ("console.csv", 3, "wms_server"),
        ("console.csv", 4, "pbx"),
    ]
