"""LIC-5, LIC-6, LIC-10, LIC-9, BIL-4: the rules about networks and LifeTime PBXs, on rows that were never saved."""

import datetime
from decimal import Decimal

import pytest

from partners.models import EndUser
from pbx.lifetime_rules import support_cost, upgrade_of
from pbx.models import ConsoleReport, Licence, Pbx
from pbx.move_rules import can_be_moved_to
from pbx.network_rules import console_and_portal_agree, stays_the_only_network, users_fit_the_licences, users_keep_their_licences
from tests.cases.facts import a_book

SINCE = datetime.date(2022, 4, 19)
DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 18)


def a_system(number, role="standalone", server=None, *, licences=None, clients=(), console=None, **fields):
    pbx = Pbx(pk=number, serial=f"P{number}", name=f"Office {number}", end_user=EndUser(pk=1, name="Bakery"), wms_role=role, **fields)
    pbx.wms_server = server
    rows = [Licence(pbx=pbx, licence_type=kind, quantity=count) for kind, count in (licences or {}).items()]
    pbx._prefetched_objects_cache = {"licences": rows, "wms_clients": list(clients), "commitments": []}
    pbx._state.fields_cache["console"] = None
    if console:
        role, server, users = console
        pbx.console = ConsoleReport(pbx=pbx, wms_role=role, wms_server=server, registered_users=users)
    return pbx


def a_network(users, licences):
    server = a_system(1, "server", licences=licences)
    clients = [a_system(2 + place, "client", server, console=("client", "P1", count)) for place, count in enumerate(users)]
    server._prefetched_objects_cache["wms_clients"] = clients
    return server, clients


@pytest.mark.parametrize(("day", "rules"), [(SINCE - DAY, []), (SINCE, ["LIC-5"])])
def test_a_second_active_network_is_refused_from_the_policys_day_on(day, rules):
    pbx, other = a_system(1), a_system(2)
    found = stays_the_only_network(pbx, [other], pbx.end_user, book=a_book(day), today=day, field="quantity")
    assert [finding.rule for finding in found] == rules
    client = a_system(3, "client", pbx)
    assert not stays_the_only_network(pbx, [pbx, client], pbx.end_user, book=a_book(day), today=day, field="quantity")


@pytest.mark.parametrize(("users", "rules"), [((10, 5), []), ((10, 6), ["LIC-6"])])
def test_users_of_the_clients_against_the_licences_of_the_server(users, rules):
    """Teams and Wizywebinar are nobody's place to register."""
    server, clients = a_network(users, {"basic": 10, "premium": 5, "teams": 40})
    for pbx in (server, *clients):
        found = users_fit_the_licences(pbx, book=a_book(TODAY))
        assert [finding.rule for finding in found] == rules
    if rules:
        assert found[0].policy == {"wms.user_licence_types": "basic, essential, business, premium"}
        assert "16 users" in found[0].message and found[0].subject == "P1"
    book = a_book(TODAY, [{"code": "wms.user_licence_types", "from": TODAY, "value": "premium"}])
    assert users_fit_the_licences(server, book=book)


@pytest.mark.parametrize(("fewer", "rules"), [(0, []), (3, []), (4, ["LIC-6"])])
def test_a_server_keeps_the_licences_that_its_clients_need(fewer, rules):
    server, _clients = a_network((12,), {"business": 15})
    assert [f.rule for f in users_keep_their_licences(server, "business", fewer, book=a_book(TODAY), field="quantity")] == rules
    assert users_keep_their_licences(server, "teams", fewer, book=a_book(TODAY), field="quantity") == []


@pytest.mark.parametrize(
    ("role", "console", "differs"),
    [
        ("standalone", None, False),
        ("standalone", ("standalone", "", 4), False),
        ("standalone", ("client", "P9", 4), True),
        ("standalone", ("server", "", 4), True),
        ("server", ("server", "", 4), False),
        ("server", ("client", "P9", 4), True),
        ("client", ("client", "P9", 4), False),
        ("client", ("client", "P8", 4), True),
        ("client", ("standalone", "", 4), False),
    ],
)
def test_merged_on_the_console_but_not_in_the_portal(role, console, differs):
    pbx = a_system(1, role, a_system(9, "server") if role == "client" else None, console=console)
    found = console_and_portal_agree(pbx, book=a_book(TODAY))
    assert [finding.rule for finding in found] == (["LIC-10"] if differs else [])
    if differs:
        assert found[0].policy == {"wms.needs_matching_network": "6"} and "WMS 6" in found[0].message


@pytest.mark.parametrize(
    ("year", "version", "cost"), [(2020, "3.88", 120), (2021, "3.88", 360), (2021, "3.88.4", 360), (2021, "3.87", 120), (2026, "", 120)]
)
def test_support_of_a_year_by_version(year, version, cost):
    pbx = a_system(1, term="lifetime", wms_version=version, licences={"essential": 10})
    support = support_cost(pbx, year, book=a_book(TODAY))
    assert (support.listed, support.amount) == (Decimal(120), Decimal(cost))


@pytest.mark.parametrize(
    ("version", "fields", "target", "against"),
    [
        ("3.88", {}, "4", []),
        ("4.01.44081.22", {"read_only": True}, "5", ["LIC-8"]),
        ("4.01", {"console": ("client", "P9", 1)}, "5", []),
        ("5.04", {}, "6", []),
        ("5.04", {"console": ("client", "P9", 1)}, "6", ["LIC-10"]),
        ("5.04", {"console": ("client", "P9", 1), "read_only": True}, "6", ["LIC-8", "LIC-10"]),
        ("6.05.20240312.1", {}, "", []),
        ("", {}, "", []),
    ],
)
def test_what_can_be_upgraded_to_and_what_stands_against_it(version, fields, target, against):
    upgrade = upgrade_of(a_system(1, wms_version=version, **fields), book=a_book(TODAY))
    assert (upgrade.version, [finding.rule for finding in upgrade.hindrances]) == (target, against)


def test_a_version_that_needs_no_matching_network_any_more_is_not_held_up():
    book = a_book(TODAY, [{"code": "wms.needs_matching_network", "from": TODAY, "value": "7"}])
    pbx = a_system(1, wms_version="5.04", console=("client", "P9", 1))
    assert upgrade_of(pbx, book=book).hindrances == ()


@pytest.mark.parametrize(
    ("fields", "active_here", "active_there", "denied"),
    [
        ({}, True, False, False),
        ({}, True, True, True),
        ({}, False, True, False),
        ({"role": "server"}, True, False, True),
        ({"role": "client"}, False, False, True),
        ({"terminated_on": TODAY}, False, False, True),
    ],
)
def test_which_pbx_can_be_moved_where(fields, active_here, active_there, denied):
    if fields.get("role") == "client":
        fields = fields | {"server": a_system(9, "server")}
    pbx, other = a_system(1, **fields), a_system(2)
    target = EndUser(pk=2, name="Winery")
    here, there = ([pbx] if active_here else []), ([other] if active_there else [])
    found = can_be_moved_to(pbx, target, here, there, book=a_book(TODAY), today=TODAY, field="end_user")
    assert bool(found) is denied
    assert can_be_moved_to(pbx, pbx.end_user, here, there, book=a_book(TODAY), today=TODAY, field="end_user")
