"""FLAT licences and concurrent calls are counted as the rulebook says, and shown with how (DID-11, DID-12)."""

import datetime

import pytest

from classound.models import Did
from classound.services import cancel_did, port_out
from pbx.classound_counts import IN_SERVICE, counted, with_numbers
from pbx.models import Licence, Pbx
from tests.cases.facts import a_book, fetched
from tests.cast import make_pbx

DAY = datetime.date(2026, 11, 18)


def a_pbx(role="standalone", server=None, **licences):
    rows = [Licence(licence_type=kind, quantity=count) for kind, count in licences.items()]
    return fetched(Pbx(serial="X", wms_role=role, wms_server=server), licences=rows)


def count(pbx, has_numbers=True, on=DAY, policies=()):
    return counted(pbx, has_numbers=has_numbers, book=a_book(on, policies))


@pytest.mark.parametrize(
    ("licences", "flat"),
    [
        ({"premium": 1, "essential": 2, "basic": 5}, 3),
        ({"essential": 4, "business": 3, "premium": 2}, 9),
        ({"basic": 30}, 0),
        ({"teams": 5, "wizywebinar": 2}, 0),
        ({"premium": 0}, 0),
        ({}, 0),
    ],
)
def test_flat_comes_with_essential_business_and_premium(licences, flat):
    assert count(a_pbx(**licences)).flat == flat
    assert count(a_pbx(**licences), has_numbers=False).flat == 0


def test_a_client_takes_its_servers_number():
    server = a_pbx("server", business=25, premium=4, basic=3)
    client = a_pbx("client", server, essential=1)
    assert (count(client).flat, count(client).server) == (29, server)
    assert (count(client).sum, count(server).server) == ("25 Business + 4 Premium", None)
    # Set as standalone, its own licences count.
    client.wms_role, client.wms_server = "standalone", None
    assert count(client).flat == 1


def test_calls_at_once_go_by_the_licence_of_the_user():
    shown = count(a_pbx(premium=1, basic=5, essential=2, business=1, teams=9)).licences
    assert [(one.licence_type, one.calls) for one in shown] == [("basic", 2), ("essential", 4), ("business", 8), ("premium", 8)]


def test_staff_change_both_from_a_day_on():
    policies = [
        {"code": "flat.licence_types", "from": DAY, "value": ["premium"]},
        {"code": "concurrent_calls", "from": DAY, "value": [["basic", "3"], ["premium", "10"]]},
    ]
    pbx = a_pbx(premium=1, essential=2, basic=5)
    eve = count(pbx, on=DAY - datetime.timedelta(days=1), policies=policies)
    assert (eve.flat, [one.calls for one in eve.licences]) == (3, [2, 4, 8])
    then = count(pbx, policies=policies)
    assert (then.flat, [(one.licence_type, one.calls) for one in then.licences]) == (1, [("basic", 3), ("premium", 10)])
    assert then.policy["flat.licence_types"] == "premium"


def test_numbers_in_service_are_those_of_the_app_of_the_numbers():
    assert set(IN_SERVICE) == set(Did.Status) - {Did.Status.ORDERED, Did.Status.CANCELLED}


@pytest.mark.django_db
def test_flat_goes_with_the_last_number(cast, today):
    def has_numbers():
        return with_numbers(Pbx.objects.filter(pk=cast.committed.pk)).get().has_numbers

    assert has_numbers()
    port_out(cast.held, today)
    assert has_numbers()
    cancel_did(cast.held, today=today)
    assert not has_numbers()


@pytest.mark.django_db
class TestPages:
    """The page of a PBX, for its partner and for agents, and the API."""

    @pytest.fixture
    def network(self, cast):
        cast.pbx.wms_role = "server"
        cast.pbx.save()
        cast.pbx.licences.create(licence_type="business", quantity=25, monthly_price="9.00")
        cast.pbx.licences.create(licence_type="basic", quantity=3, monthly_price="3.00")
        client = make_pbx("PBX-CLIENT", cast.bakery, cast.today, wms_role="client", wms_server=cast.pbx)
        cast.did.pbx = client
        cast.did.save()
        return client

    @pytest.mark.parametrize(("who", "place"), [("nora", "portal"), ("agent", "desk")])
    def test_how_it_was_counted_is_shown(self, client, cast, network, who, place):
        client.force_login(getattr(cast, who))
        page = client.get(f"/{place}/pbxs/PBX-CLIENT/").content.decode()
        assert "25 Business" in page and "DID-11" in page and "DID-12" in page
        assert f'href="/{place}/pbxs/PBX-FREE/"' in page

    def test_a_strangers_pbx_is_not_there(self, client, cast, network):
        client.force_login(cast.sara)
        assert client.get("/portal/pbxs/PBX-CLIENT/").status_code == 404
        assert client.get("/desk/pbxs/PBX-CLIENT/").status_code == 404

    def test_the_api_counts_the_same(self, client, cast, network, now):
        from partners.models import ApiToken

        token = ApiToken.issue(cast.nora, expires_at=now + datetime.timedelta(days=3650))
        answer = client.get("/api/v1/pbxs/PBX-CLIENT/", headers={"Authorization": f"Token {token}"}).json()["classound"]
        assert (answer["flat"], answer["counted_on"]) == (25, "PBX-FREE")
        assert answer["licences"] == [
            {"licence_type": "basic", "quantity": 3, "flat": 0, "concurrent_calls": 2},
            {"licence_type": "business", "quantity": 25, "flat": 25, "concurrent_calls": 8},
        ]
        assert "business" in answer["policy"]["flat.licence_types"]
