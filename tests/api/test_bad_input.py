"""Whatever is sent, the response says what is wrong with it and where; never a 500."""

import json

import pytest

from tickets.models import Ticket

pytestmark = pytest.mark.django_db
CHECK = "ticket-types/did_cancel/check/"

AT_A_FIELD = [
    ("dids", "null"),
    ("dids", "[]"),
    ("dids", '"+498981000400"'),
    ("dids", "{}"),
    ("dids", "[[]]"),
    ("dids", "[null]"),
    ("dids", "[{}]"),
    ("dids", "[true]"),
    ("dids", "[NaN]"),
    ("dids", "[1e999]"),
    ("dids", '[""]'),
    ("dids", '["+49898100040\\u0000"]'),
    ("dids", '["\\ud800"]'),
    ("dids", '["٤٩٨٩٨١٠٠٠٤٠٠"]'),
    ("dids", '["+٤٩٨٩٨١٠٠٠٤٠٠"]'),
    ("dids", '["049898100"]'),
    ("dids", json.dumps(["+49" + "1" * 500])),
    ("dids", json.dumps([f"+4989810{n:05}" for n in range(500)])),
    ("dids", "[" + "9" * 5000 + "]"),
    ("reason", "5.5e400"),
    ("reason", "-Infinity"),
    ("reason", "[]"),
    ("reason", "{}"),
    ("reason", "null"),
    ("reason", "true"),
    ("reason", json.dumps("long " * 2000)),
    ("reason", '"half \\udc00 a pair"'),
    ("reason", '"nul \\u0000 byte"'),
    ("nonsense", '"x"'),
    ("partner_id", "1"),
    ("\\ud800", "1"),
]

NO_DATES = ["2026-13-01", "tomorrow", "01/02/2027", "٢٠٢٧-٠٣-٠١", "2027-3-1", 20270301, "2027-02-30", "2027-03-01T00:00"]
NO_NUMBERS = ["٣", "３", "1_0", "1e1", " 3", "+3", "0x3", "three", "", "1,5"]
# {body: what the error says}
NO_OBJECTS = dict.fromkeys(("[]", '"text"', "5", "null"), "must be a JSON object") | {"": "fields are invalid"}
NO_OBJECTS |= dict.fromkeys(("{", "{'a': 1}"), "not valid JSON") | {'{"dids": [], "dids": ["+498981000400"]}': "duplicate name"}
NO_OBJECTS |= dict.fromkeys(("[" * 100_000, '{"a":' * 50_000), "nested") | dict.fromkeys((b"\xff\xfe{}", b'{"a": "\xff"}'), "not UTF-8")
NO_REQUESTS = [
    ({"fields": {}}, "type"),
    ({"type": "nonsense", "fields": {}}, "type"),
    ({"type": "did_cancel"}, "fields"),
    ({"type": "did_cancel", "fields": []}, "fields"),
    ({"type": "did_cancel", "fields": None}, "fields"),
    ({"type": "did_cancel", "fields": {}}, "dids"),
    ({"type": "did_cancel", "fields": {"dids": ["+498981000400"], "status": "solved"}}, "status"),
    ({"type": "did_cancel", "fields": {"dids": ["+498981000400"]}, "policy_on": "1999-01-01"}, "policy_on"),
    ({"type": ["did_cancel"], "fields": {}}, "type"),
]
NO_FILTERS = [
    ("tickets/", {"status": "nonsense"}, "status"),
    ("tickets/", {"type": "nonsense"}, "type"),
    ("tickets/", {"topic": "nonsense"}, "topic"),
    ("tickets/", {"created_after": "yesterday"}, "created_after"),
    ("tickets/", {"created_after": "0001-01-01T00:00:00+14:00"}, "created_after"),
    ("tickets/", {"created_before": "9999-12-31T23:00:00-14:00"}, "created_before"),
    ("tickets/", {"q": "a\x00b"}, "q"),
    ("tickets/", {"ordering": "partner__name"}, "ordering"),
    ("tickets/", {"ordering": "-partner__billing_email"}, "ordering"),
    ("tickets/", {"requester__password": "x"}, "requester__password"),
    ("tickets/", {"after": "nonsense"}, "after"),
    ("tickets/", {"after": "WyJ4IiwgMV0"}, "after"),
    ("tickets/", {"after": "WzEsMl0"}, "after"),
    ("tickets/", {"after": "ÿ"}, "after"),
    ("tickets/", {"before": "x:y"}, "before"),
    ("tickets/", {"page_size": "0"}, "page_size"),
    ("tickets/", {"page_size": "201"}, "page_size"),
    ("tickets/", {"page_size": "000000001999999"}, "page_size"),
    ("tickets/", {"page_size": "٥"}, "page_size"),
    ("dids/", {"number": "%"}, "number"),
    ("dids/", {"kind": "nonsense"}, "kind"),
    ("dids/", {"pbx": "a\x00"}, "pbx"),
    ("orders/", {"placed_after": "5"}, "placed_after"),
    ("orders/", {"placed_after": "01/02/2026"}, "placed_after"),
    ("orders/", {"placed_after": "2026-1-1"}, "placed_after"),
    ("orders/", {"dispatched": "maybe"}, "dispatched"),
    ("invoices/", {"issued_before": "11/01/2026"}, "issued_before"),
    ("invoices/", {"issued_before": ""}, "issued_before"),
    ("pbxs/", {"read_only": "yes"}, "read_only"),
    ("pbxs/", {"read_only": "1"}, "read_only"),
    ("tickets/", {"partner": ""}, "partner"),
    ("tickets/", {"ordering": ""}, "ordering"),
    ("devices/", {"pbx__name": "x"}, "pbx__name"),
    ("account/entries/", {"kind": "gift"}, "kind"),
    ("account/entries/", {"ticket": "x"}, "ticket"),
    ("account/entries/", {"ticket": "1.5"}, "ticket"),
    ("account/entries/", {"ticket": "1e3"}, "ticket"),
    ("account/entries/", {"ticket": "١"}, "ticket"),
    ("account/", {"colour": "red"}, "colour"),
    ("policies/", {"rule": "DID-1"}, "rule"),
    ("rules/", {"page_size": "5"}, "page_size"),
    ("ticket-types/", {"topic": "CLASSOUND"}, "topic"),
]
NOWHERE = ["tickets/0/", f"tickets/{'9' * 30}/", "tickets/x/", "dids/%00/", "pbxs/x%0Ay/", "nonsense/", "dids/+49/", "tickets/1/x/"]


def test_unusable_value_is_400_at_its_field(cast, nord, subtests):
    for name, value in AT_A_FIELD:
        with subtests.test(f"{name}: {value[:40]}"):
            others = '"dids": ["+498981000400"], ' if name != "dids" else ""
            answer = nord.post(CHECK, f'{{{others}"{name}": {value}}}')
            assert answer.status_code == 400, answer.content
            problem = answer.json()
            assert answer["Content-Type"] == "application/problem+json"
            assert set(problem) == {"type", "title", "status", "detail", "errors"} and problem["status"] == 400
            assert list(problem["errors"]) == [name] and problem["errors"][name][0]


def test_list_of_texts_is_asked_for_whether_the_list_or_a_text_is_missing(nord, subtests):
    for value in ("+498981000400", 5, [["+498981000400"]], [None], [{}], [True]):
        with subtests.test(str(value)):
            answer = nord.post(CHECK, {"dids": value})
            assert answer.json()["errors"] == {"dids": ["Send a list of texts."]}


def test_checkbox_accepts_only_true(nord, porting, subtests):
    for value in (1, "yes", None, [], {}, False, ""):
        with subtests.test(str(value)):
            answer = nord.post("ticket-types/porting_date_change/check/", porting | {"acknowledge_not_guaranteed": value})
            assert answer.status_code == 400 and list(answer.json()["errors"]) == ["acknowledge_not_guaranteed"]


def test_invalid_date_is_400_at_its_field(nord, porting, subtests):
    for value in NO_DATES:
        with subtests.test(str(value)):
            answer = nord.post("ticket-types/porting_date_change/check/", porting | {"requested_date": value})
            assert answer.status_code == 400 and list(answer.json()["errors"]) == ["requested_date"]


def test_invalid_choice_lists_the_valid_ones(cast, nord):
    device = {"serial": "x", "fault": "It stays dark.", "delivery_address": "Main street 1", "kind": "nope", "replacement": "new"}
    told = nord.post("ticket-types/rma/check/", device).json()["errors"]
    assert told["kind"] == ["Not a valid choice. Valid choices: doa, warranty, hwaas."] and "replacement" not in told
    changes = [{"licence_type": "nope", "quantity": 1}]
    told = nord.post("ticket-types/licence_change/check/", {"pbx": cast.pbx.serial, "changes": changes}).json()["errors"]
    assert told["changes"][0].startswith("licence_type: Not a valid choice. Valid choices: basic, essential")


def test_number_takes_only_ascii_digits(cast, nord, subtests):
    for number in NO_NUMBERS:
        with subtests.test(number):
            answer = nord.post("ticket-types/teams_licence_change/check/", {"pbx": cast.pbx.serial, "quantity": number})
            assert answer.status_code == 400 and list(answer.json()["errors"]) == ["quantity"]
    for number in (3, "3", 3.0):
        assert nord.post("ticket-types/teams_licence_change/check/", {"pbx": cast.pbx.serial, "quantity": number}).status_code == 200


def test_body_that_is_not_an_object_is_400(nord, subtests):
    for path in (CHECK, "tickets/"):
        for body, says in NO_OBJECTS.items():
            with subtests.test(f"{path} {body[:20]}"):
                answer = nord.post(path, body)
                assert answer.status_code == 400 and says in answer.json()["detail"], answer.content
                assert answer.json()["type"] == "urn:careline:invalid"


def test_number_is_accepted_for_a_text_field(nord, cast):
    assert nord.post(CHECK, {"dids": [cast.did.number], "reason": 42}).status_code == 200


def test_all_errors_are_reported_together(nord):
    errors = nord.post(CHECK, {"reason": [], "nonsense": 1, "more": 2}).json()["errors"]
    assert set(errors) == {"dids", "reason", "nonsense", "more"}


def test_oversized_body_is_413(nord, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert nord.post(CHECK, {"dids": ["x" * 2000]}).status_code == 413
    assert nord.post(CHECK, {"dids": ["x" * 2000]}, key="a key").status_code == 413


def test_chunked_body_is_411_and_not_read_as_empty(nord, ticket):
    headers = nord.headers | {"transfer-encoding": "chunked"}
    answer = nord.client.generic("POST", f"/api/v1/tickets/{ticket}/withdraw/", headers=headers)
    assert answer.status_code == 411 and answer["Content-Type"] == "application/problem+json"
    assert nord.get(f"tickets/{ticket}/").json()["status"] == "new"


def test_unsupported_media_types_are_415_or_406(nord):
    answer = nord.client.post(f"/api/v1/{CHECK}", "<a/>", content_type="text/xml", headers=nord.headers)
    assert answer.status_code == 415 and answer["Content-Type"] == "application/problem+json"
    assert "application/json" in answer.json()["detail"]
    answer = nord.client.get("/api/v1/account/", headers=nord.headers | {"accept": "text/html"})
    assert answer.status_code == 406 and "application/json" in answer.json()["detail"]


def test_unreadable_ticket_is_400_at_its_field(cast, nord, subtests):
    for body, field in NO_REQUESTS:
        with subtests.test(str(body)):
            answer = nord.post("tickets/", body)
            assert answer.status_code == 400 and field in answer.json()["errors"]
    assert not Ticket.objects.exists()


def test_unknown_filter_or_value_is_400_at_its_name(cast, nord, subtests):
    for path, query, field in NO_FILTERS:
        with subtests.test(f"{path} {query}"):
            answer = nord.get(path, **query)
            assert answer.status_code == 400 and list(answer.json()["errors"]) == [field], answer.content


def test_unknown_objects_are_404(cast, nord, subtests):
    for path in NOWHERE:
        with subtests.test(path):
            answer = nord.get(path)
            assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"
            assert answer.json()["type"] == "about:blank"


def test_get_of_an_action_is_405(nord, ticket):
    for name in ("withdraw", "messages", "execute"):
        assert nord.get(f"tickets/{ticket}/{name}/").status_code == 405


def test_options_describe_the_endpoint(nord, ticket, subtests):
    for name in ("", "messages/", "attachments/", "assign/", "steps/check/", "confirmations/subject/letter/"):
        with subtests.test(name):
            answer = nord.client.options(f"/api/v1/tickets/{ticket}/{name}", headers=nord.headers)
            assert answer.status_code == 200 and answer["Allow"] and "actions" not in answer.json()


def test_post_without_trailing_slash_is_308(nord):
    answer = nord.post("tickets")
    assert answer.status_code == 308 and answer["Location"] == "/api/v1/tickets/"


def test_unsupported_method_is_405_for_everyone(nord):
    for path in ("tickets/", "policies/", "policies/dispute.period/values/"):
        assert nord.client.put(f"/api/v1/{path}", "{}", content_type="application/json", headers=nord.headers).status_code == 405


def test_unread_body_is_drained_from_the_connection(client):
    answer = client.post("/api/v1/tickets/10001/withdraw/", "x" * 100_000, content_type="application/json")
    assert answer.status_code == 401 and not len(answer.wsgi_request.META["wsgi.input"])
