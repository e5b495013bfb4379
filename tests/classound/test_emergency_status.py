"""The state of a number's emergency calling, in the list of numbers and in the API (DID-10); expected times (DID-7)."""

import datetime

import pytest

from classound.emergency import emergency_of
from classound.models import EmergencyLocation
from partners.models import ApiToken
from tests.cases.facts import a_book, a_did, a_pbx

DAY = datetime.date(2026, 11, 18)
NUMBER, INSIDE = "+39080123450X", "+390801234507"


@pytest.mark.parametrize(
    ("locations", "state"),
    [
        ({}, "none"),
        ({NUMBER: "requested"}, "requested"),
        ({NUMBER: "sent_back"}, "sent_back"),
        ({NUMBER: "valid"}, "active"),
        ({NUMBER: "left_out"}, "none"),
        ({NUMBER: "replaced"}, "none"),
        ({INSIDE: "valid"}, "active"),
        ({INSIDE: "sent_back", NUMBER: "valid"}, "active"),
        ({INSIDE: "valid", NUMBER: "requested"}, "requested"),
    ],
)
def test_emergency_state_follows_the_numbers_own_address(locations, state):
    assert emergency_of(a_did(a_pbx(), NUMBER, "IT", locations=locations), book=a_book(DAY)).state == state


def test_address_for_one_number_does_not_cover_the_range():
    shown = emergency_of(a_did(a_pbx(), NUMBER, "IT", locations={INSIDE: "valid"}), book=a_book(DAY))
    assert shown.title == "Active for some"


def test_automatic_emergency_calling_needs_no_address():
    did = a_did(a_pbx())
    assert emergency_of(did, book=a_book(datetime.date(2020, 12, 31))).state == "none"
    assert emergency_of(did, book=a_book(datetime.date(2021, 1, 1))).state == "automatic"
    assert emergency_of(a_did(a_pbx(), status="cancelled"), book=a_book(DAY)).state == ""


def test_partners_see_emergency_state_of_their_own_numbers_only(client, cast, now):
    EmergencyLocation.objects.create(
        did=cast.winery_did,
        number=cast.winery_did.number,
        user_name="Maria Rossi",
        street="Via Roma 1",
        postcode="70121",
        city="Bari",
        country="IT",
        status="sent_back",
        reason="Unknown street.",
        source="ticket:1",
        requested_on=now,
    )
    client.force_login(cast.sara)
    page = client.get("/portal/numbers/").content.decode()
    assert "Address sent back" in page and "DID-7" in page and "Full porting takes 1 week to 3 weeks" in page
    tokens = {who: ApiToken.issue(who, expires_at=now + datetime.timedelta(days=3650)) for who in (cast.sara, cast.nora)}
    headers = {who: {"Authorization": f"Token {token}"} for who, token in tokens.items()}
    did = client.get(f"/api/v1/dids/{cast.winery_did.number}/", headers=headers[cast.sara]).json()
    assert did["emergency"] == "sent_back"
    assert [(one["street"], one["status"], one["reason"]) for one in did["emergency_locations"]] == [
        ("Via Roma 1", "sent_back", "Unknown street.")
    ]
    assert "Maria Rossi" not in client.get("/api/v1/dids/", headers=headers[cast.nora]).content.decode()
    assert client.get(f"/api/v1/dids/{cast.did.number}/", headers=headers[cast.nora]).json()["emergency"] == "automatic"


def test_link_to_the_form_fills_in_a_row(client, cast):
    client.force_login(cast.sara)
    page = client.get("/portal/requests/new/emergency_activation/", {"locations-0-did": cast.winery_did.number}).content.decode()
    assert f'value="{cast.winery_did.number}"' in page
    assert client.get("/portal/requests/new/emergency_activation/?locations=x&locations-0-nothing=1").status_code == 200


def test_lead_time_is_stated_before_the_request(client, cast, now):
    client.force_login(cast.nora)
    assert "1 week to 3 weeks" in client.get("/portal/requests/new/porting_date_change/").content.decode()
    token = ApiToken.issue(cast.nora, expires_at=now + datetime.timedelta(days=3650))
    kind = client.get("/api/v1/ticket-types/porting_date_change/", headers={"Authorization": f"Token {token}"}).json()
    assert [note["rule"] for note in kind["notes"]] == ["DID-7"]
