"""FLAT licences and simultaneous calls are shown with their calculation (DID-11, DID-12)."""

import datetime

import pytest

from classound.models import Did
from classound.services import cancel_did, port_out
from pbx.classound_counts import IN_SERVICE, with_numbers
from pbx.models import Pbx
from tests.cast import make_pbx


def test_in_service_statuses_match_the_did_statuses():
    assert set(IN_SERVICE) == set(Did.Status) - {Did.Status.ORDERED, Did.Status.CANCELLED}


def test_flat_licence_ends_with_the_last_number(cast, today):
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
    def test_calculation_is_shown(self, client, cast, network, who, place):
        client.force_login(getattr(cast, who))
        page = client.get(f"/{place}/pbxs/PBX-CLIENT/").content.decode()
        assert "25 Business" in page and "DID-11" in page and "DID-12" in page
        assert f'href="/{place}/pbxs/PBX-FREE/"' in page

    def test_another_partners_pbx_is_not_found(self, client, cast, network):
        client.force_login(cast.sara)
        assert client.get("/portal/pbxs/PBX-CLIENT/").status_code == 404
        assert client.get("/desk/pbxs/PBX-CLIENT/").status_code == 404

    def test_api_shows_the_same_counts(self, client, cast, network, now):
        from partners.models import ApiToken

        token = ApiToken.issue(cast.nora, expires_at=now + datetime.timedelta(days=3650))
        answer = client.get("/api/v1/pbxs/PBX-CLIENT/", headers={"Authorization": f"Token {token}"}).json()["classound"]
        assert (answer["flat"], answer["counted_on"]) == (25, "PBX-FREE")
        assert answer["licences"] == [
            {"licence_type": "basic", "quantity": 3, "flat": 0, "concurrent_calls": 2},
            {"licence_type": "business", "quantity": 25, "flat": 25, "concurrent_calls": 8},
        ]
        assert "Business" in answer["policy"]["flat.licence_types"]
