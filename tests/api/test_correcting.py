"""A program of the care team corrects a partner's answers, by the same rules as on the page."""

import pytest

from classound.models import Did
from tests.desk.corrections import RMA, snapshot
from tickets.models import Ticket
from tickets.services import status


@pytest.fixture
def rma(nord):
    body = {"type": "rma", "fields": RMA | {"serial": "SN-OWNED"}, "accepted_charges": "34.00"}
    return Ticket.objects.get(pk=nord.post("tickets/", body).json()["number"])


def test_only_sent_fields_are_corrected_and_shown_to_the_partner(staff, nord, rma):
    answer = staff.post(f"tickets/{rma.pk}/correct/", {"fields": {"delivery_address": "Kai 11\n24103 Kiel"}})
    assert (answer.status_code, answer.json()["fields"]) == (200, rma.answers | {"delivery_address": "Kai 11\n24103 Kiel"})
    told = next(one for one in nord.get(f"tickets/{rma.pk}/").json()["events"] if one["title"] == "Request corrected")
    correction = {"field": "delivery_address", "old": RMA["delivery_address"], "new": "Kai 11\n24103 Kiel"}
    assert (told["by"], told["data"]) == ("Ada Agent", {"corrections": [correction]})
    rma.refresh_from_db()
    before = snapshot(rma)
    assert staff.post(f"tickets/{rma.pk}/correct/", {"fields": {"fault": RMA["fault"]}}).status_code == 200
    assert snapshot(rma) == before, "what is not different is no change"


def test_field_changed_in_the_meantime_is_409(staff, lead, rma):
    seen = staff.get(f"tickets/{rma.pk}/").json()["fields"]
    theirs = {"fields": {"delivery_address": "Kai 2", "fault": "Dark."}, "seen": seen}
    assert lead.post(f"tickets/{rma.pk}/correct/", theirs).status_code == 200
    rma.refresh_from_db()
    before = snapshot(rma)
    answer = staff.post(f"tickets/{rma.pk}/correct/", {"fields": {"delivery_address": "Kai 3", "replacement": "refurbished"}, "seen": seen})
    assert (answer.status_code, answer.json()["type"], snapshot(rma)) == (409, "urn:careline:conflict", before)
    assert answer.json()["conflicts"] == [{"field": "delivery_address", "now": "Kai 2", "yours": "Kai 3"}]
    assert staff.post(f"tickets/{rma.pk}/correct/", {"fields": {"replacement": "refurbished"}, "seen": seen}).status_code == 200
    again = {"fields": {"delivery_address": "Kai 3"}, "seen": {"delivery_address": "Kai 2"}}
    both = rma.answers | {"delivery_address": "Kai 3", "replacement": "refurbished"}
    assert staff.post(f"tickets/{rma.pk}/correct/", again).json()["fields"] == both


BAD = (
    ([], ""),
    ({}, "fields"),
    ({"fields": {}}, "fields"),
    ({"fields": ["fault"]}, "fields"),
    ({"fields": {"fault": "Dark."}, "seen": "all"}, "seen"),
    ({"fields": {"fault": "Dark."}, "note": "x"}, "note"),
    ({"fields": {"fault": {"x": 1}}}, "fault"),
    ({"fields": {"fault": None}}, "fault"),
    ({"fields": {"fault": "\x00"}}, "fault"),
    ({"fields": {"fault": ""}}, "fault"),
    ({"fields": {"colour": "red"}}, "colour"),
    ({"fields": {"serial": "SN-PUB"}}, "serial"),
    ({"fields": {"fault": "Dark."}, "seen": {"faullt": "Black."}}, "seen"),
    ({"fields": {"fault": "Dark."}, "seen": {"\ud800": "\ud800"}}, "seen"),
    ({"fields": {"replacement": "golden"}, "seen": {"fault": "\ud800"}}, "replacement"),
)


def test_invalid_correction_is_400_and_saves_nothing(staff, rma):
    before = snapshot(rma)
    for body, field in BAD:
        answer = staff.post(f"tickets/{rma.pk}/correct/", body)
        assert answer.status_code == 400 and list(answer.json().get("errors", {"": ""})) == [field], (body, answer.content)
    assert snapshot(rma) == before


def test_denied_correction_is_422_and_other_price_or_promise_is_409(cast, now, staff, nord, porting, rma):
    body = {"type": "porting_date_change", "fields": porting, "accepted_charges": "50.00"}
    ticket = Ticket.objects.get(pk=nord.post("tickets/", body).json()["number"])
    before = snapshot(ticket)
    answer = staff.post(f"tickets/{ticket.pk}/correct/", {"fields": {"requested_date": cast.today.isoformat()}})
    assert (answer.status_code, answer.json()["verdict"]["outcome"], snapshot(ticket)) == (422, "denied", before)
    answer = staff.post(f"tickets/{ticket.pk}/correct/", {"fields": {"acknowledge_not_guaranteed": False}})
    assert "partner’s own statement" in answer.json()["errors"]["acknowledge_not_guaranteed"][0]
    before = snapshot(rma)
    cheaper = staff.post(f"tickets/{rma.pk}/correct/", {"fields": {"kind": "doa"}})
    assert (cheaper.status_code, cheaper.json()["type"], snapshot(rma)) == (409, "urn:careline:other-price", before), cheaper.content
    assert staff.post(f"tickets/{rma.pk}/correct/", {"fields": {"serial": "SN-OWNED"}}).status_code == 200
    status.change(rma.pk, "on_hold", actor=cast.agent, at=now, text="Asked by phone.", waiting_for="carrier")
    answer = staff.post(f"tickets/{rma.pk}/correct/", {"fields": {"fault": "Dark."}})
    assert (answer.status_code, answer.json()["detail"]) == (409, "The carrier has been asked for exactly this.")


def test_override_does_not_cover_corrected_answers(cast, staff, lead):
    body = {"type": "did_cancel", "partner": "NORD", "fields": {"dids": [cast.young.number]}, "override_reason": "Goodwill."}
    number = lead.post("tickets/", body).json()["number"]
    Did.objects.filter(pk=cast.did.pk).update(activated_on=cast.today)
    answer = staff.post(f"tickets/{number}/correct/", {"fields": {"dids": [cast.did.number]}})
    assert answer.status_code == 422 and "Rule DID-1 was set aside for the previous details" in answer.json()["detail"]
