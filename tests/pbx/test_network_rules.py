"""LIC-5: one network with active licences per customer; LIC-6: who is counted as its user. On unsaved rows."""

import datetime

import pytest

from partners.models import EndUser
from pbx.move_rules import can_be_moved_to
from pbx.network_rules import registered_on_clients, stays_the_only_network
from tests.cases.facts import a_book
from tests.cases.facts.networks import a_network, a_system

SINCE = datetime.date(2022, 4, 19)
DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 18)


@pytest.mark.parametrize(("day", "rules"), [(SINCE - DAY, []), (SINCE, ["LIC-5"])])
def test_second_active_network_is_refused_from_the_policy_date_on(day, rules):
    pbx, other = a_system(1), a_system(2)
    found = stays_the_only_network(pbx, [other], pbx.end_user, book=a_book(day), today=day, field="quantity")
    assert [finding.rule for finding in found] == rules
    client = a_system(3, "client", pbx)
    assert not stays_the_only_network(pbx, [pbx, client], pbx.end_user, book=a_book(day), today=day, field="quantity")


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
def test_move_is_denied_by_network_role_termination_or_active_target(fields, active_here, active_there, denied):
    if fields.get("role") == "client":
        fields = fields | {"server": a_system(9, "server")}
    pbx, other = a_system(1, **fields), a_system(2)
    target = EndUser(pk=2, name="Winery")
    here, there = ([pbx] if active_here else []), ([other] if active_there else [])
    found = can_be_moved_to(pbx, target, here, there, book=a_book(TODAY), today=TODAY, field="end_user")
    assert bool(found) is denied
    assert can_be_moved_to(pbx, pbx.end_user, here, there, book=a_book(TODAY), today=TODAY, field="end_user")


def test_users_of_a_terminated_client_are_not_counted():
    server, clients = a_network([10, 5], {})
    assert registered_on_clients(server) == 15
    clients[0].terminated_on = TODAY
    assert registered_on_clients(server) == 5
