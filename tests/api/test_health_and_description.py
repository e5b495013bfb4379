"""The rest of the API: health, limits, the description, and the policies."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from jsonschema import Draft202012Validator

from config import health
from tests.api.openapi import description
from tickets.services.monitoring import HEARTBEAT
from tickets.types import TYPES

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue_is(monkeypatch):
    """queue_is("ok"): the broker runs, or not, outside the tests, so its state is given."""
    return lambda state: monkeypatch.setattr(health, "queue", lambda: state)


def test_health_needs_no_token_and_names_failed_parts(client, queue_is):
    queue_is("ok")
    cache.delete(HEARTBEAT)  # a real worker of other tests may have sent one: that table is not theirs to empty
    answer = client.get("/api/v1/health/")
    assert answer.status_code == 503 and answer.json()["worker"] != "ok" and answer.json()["database"] == "ok"
    cache.set(HEARTBEAT, timezone.now().isoformat(), timeout=None)
    answer = client.get("/api/v1/health/")
    assert answer.status_code == 200 and answer.json() == {"database": "ok", "queue": "ok", "worker": "ok"}
    for away in (-60, 3600):  # a clock that was set back says nothing about now
        cache.set(HEARTBEAT, (timezone.now() + datetime.timedelta(seconds=away)).isoformat(), timeout=None)
        assert client.get("/api/v1/health/").status_code == 503
    queue_is("does not answer")
    assert client.get("/api/v1/health/").json()["queue"] == "does not answer"


def test_unreachable_queue_is_reported_quickly(settings):
    from config.celery import app

    before = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        assert health.queue() == "does not answer"
    finally:
        app.conf.broker_url = before


def test_rate_limit_is_429_per_caller(nord, sud, settings):
    settings.API_CALLS_PER_MINUTE = 3
    assert [nord.get("ticket-types/").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = nord.get("ticket-types/")
    assert 1 <= int(answer["Retry-After"]) <= 61 and answer["Content-Type"] == "application/problem+json"
    assert sud.get("ticket-types/").status_code == 200


def test_api_works_without_redis(nord, settings):
    settings.API_CALLS_PER_MINUTE = 1
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert [nord.get("ticket-types/").status_code for _ in range(3)] == [200, 200, 200]


def test_openapi_description_is_valid_and_complete(client, tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", tmp_path / "schema.yml")
    schema = client.get("/api/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    create = schema["paths"]["/api/v1/tickets/"]["post"]
    assert {"201", "409", "422"} <= create["responses"].keys()
    assert create["requestBody"]["content"]["application/json"]["examples"]
    posts = [path["post"] for path in schema["paths"].values() if "post" in path]
    assert all(any(p["name"] == "Idempotency-Key" for p in post["parameters"]) for post in posts)
    assert "errors" in schema["components"]["schemas"]["Problem"]["properties"]
    assert "/api/v1/policies/" in schema["paths"] and "/api/v1/rules/" in schema["paths"]


def test_described_lists_and_filters_match_the_api(nord):
    paths = description()["paths"]
    of_kinds = paths["/api/v1/ticket-types/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert of_kinds["type"] == "object" and of_kinds["required"] == list(nord.get("ticket-types/").json())

    def kind_of(path, name):
        return next(p["schema"] for p in paths[f"/api/v1/{path}"]["get"]["parameters"] if p["name"] == name)

    assert kind_of("pbxs/", "read_only") == kind_of("orders/", "dispatched") == {"type": "boolean"}
    assert kind_of("invoices/", "issued_after") == {"type": "string", "format": "date"}
    assert kind_of("dids/", "pbx") == kind_of("account/", "partner") == {"type": "string", "minLength": 1}
    assert kind_of("dids/", "after") == {"type": "string"}
    assert kind_of("account/entries/", "ticket") == {"type": "integer", "minimum": 1}
    assert [one["format"] for one in kind_of("tickets/", "created_after")["anyOf"]] == ["date", "date-time"]


def test_enum_values_are_described_where_useful():
    schema = description()
    told, parts = set(), [schema]
    while parts:
        part = parts.pop()
        told |= {part["description"]} if isinstance(part, dict) and isinstance(part.get("description"), str) else set()
        parts += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    assert not any("Usd" in text or "- in_force" in text for text in told)
    assert any("* `hw` - owned (CAPEX)\n" in text for text in told)
    assert "description" not in schema["components"]["schemas"]["CurrencyEnum"]


def undescribed(schema, data, schemas):
    """Return the names in a response that its description does not have."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].split("/")[-1]]
    if parts := schema.get("allOf") or schema.get("anyOf"):
        return set.intersection(*[undescribed(part, data, schemas) for part in parts])
    if isinstance(data, list):
        return {name for row in data for name in undescribed(schema.get("items", {}), row, schemas)}
    if not isinstance(data, dict) or "properties" not in schema:
        return set()
    deeper = {name: undescribed(schema["properties"][name], value, schemas) for name, value in data.items() if name in schema["properties"]}
    return (data.keys() - deeper.keys()) | {name for names in deeper.values() for name in names}


def test_responses_contain_only_described_fields(staff, nord, porting):
    schemas = description()["components"]["schemas"]

    def of(path, method="get", status="200"):
        return next(iter(description()["paths"][f"/api/v1/{path}"][method]["responses"][status]["content"].values()))["schema"]

    assert undescribed(of("policies/"), staff.get("policies/").json(), schemas) == set()
    fields = {"reseller": "R-NORD", "new_partner": "SUD", "description": "They have asked to move to another partner."}
    number = nord.post("tickets/", {"type": "reseller_transfer", "fields": fields}).json()["number"]
    ticket = staff.get(f"tickets/{number}/").json()
    assert ticket["confirmations"][0]["email"] and undescribed(of("tickets/{number}/"), ticket, schemas) == set()
    priced = nord.post("tickets/", {"type": "porting_date_change", "fields": porting})
    assert priced.status_code == 409 and undescribed(of("tickets/", "post", "409"), priced.json(), schemas) <= {
        *schemas["Problem"]["properties"]
    }


def test_amounts_are_described_as_decimals(nord):
    lines = nord.get("ticket-types/credit_note_request/").json()["fields"]["properties"]["lines"]["items"]
    amount = lines["properties"]["amount"]
    assert amount["type"] == ["string", "number"] and re.search(amount["pattern"], "12.50") and not re.search(amount["pattern"], "12.505")
    assert lines["properties"]["line"]["type"] == "integer"


def test_every_endpoint_is_described():
    from config.api import v1

    described = description()["paths"]
    ours = {str(address.pattern).split("/")[0].lstrip("^") for address in v1 if str(address.pattern)}
    assert ours <= {path.split("/")[3] for path in described}
    for path, calls in described.items():
        for call in calls.values():
            named = [parameter["name"] for parameter in call.get("parameters", ()) if parameter["in"] == "path"]
            assert call["summary"] and sorted(named) == sorted(re.findall(r"{(\w+)}", path)), path
    body = described["/api/v1/tickets/"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["discriminator"]["mapping"].keys() == TYPES.keys()
    asked = description()["components"]["schemas"]["PortingDateChangeSubmission"]["properties"]
    assert asked["type"]["enum"] == ["porting_date_change"] and "requested_date" in asked["fields"]["required"]
    guide = description()["info"]["description"]
    assert "Authorization: Token" in guide and not re.search(r"{[a-z]+}", guide.replace("{field: [messages]}", ""))


def test_description_has_no_titles_or_empty_defaults():
    """Generators name classes after titles, which are labels that may change, and omit calls with a default that is not a choice."""
    parts = [description()["paths"], description()["components"]]
    labels = []
    for part in parts:
        if isinstance(part, dict) and isinstance(part.get("title"), str):
            labels.append(part["title"])
        assert not isinstance(part, dict) or part.get("default") != "", part
        told = {name: one for name, one in part.items() if name not in ("example", "examples")} if isinstance(part, dict) else {}
        parts += told.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    assert labels == []


def parts_of(part):
    """Yield the part of a description and everything in it."""
    yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from parts_of(one)


def test_examples_match_their_schemas(db):
    components = description()["components"]
    tried = 0
    for part in parts_of([description()["paths"], components]):
        if isinstance(part, dict) and "example" in part:
            Draft202012Validator(part | {"components": components}).validate(part["example"])
            tried += 1
        for one in part.get("examples", {}).values() if isinstance(part, dict) and "schema" in part else ():
            Draft202012Validator(part["schema"] | {"components": components}).validate(one["value"])
            tried += 1
    assert tried > 20


def test_always_present_fields_are_described_as_required(db):
    schemas = description()["components"]["schemas"]
    for name in ("Ticket", "TicketRow", "ChargeJson", "DidJson", "InvoiceJson"):
        assert sorted(schemas[name]["required"]) == sorted(schemas[name]["properties"])
    assert "note" not in schemas["Entry"]["required"]  # for staff only
    assert not any("serializer" in str(part.get("description", "")) for part in parts_of(schemas) if isinstance(part, dict))
    words = {p["name"]: p.get("description") for p in description()["paths"]["/api/v1/tickets/"]["get"]["parameters"]}
    assert (words["created_before"], words["partner"]) == ("Before this date (midnight UTC) or time", "Code of the partner") and words["q"]


def test_described_patterns_match_form_validation(cast, nord):
    """A type's JSON Schema describes a field as its form does."""
    asked = Draft202012Validator(nord.get("ticket-types/company_change/").json()["fields"])
    for name in ("Nord Voice", "李娜", "Müller & Söhne", "a\nb", "\u202eabc"):
        taken = nord.post("ticket-types/company_change/check/", {"name": name}).status_code == 200
        assert asked.is_valid({"name": name}) == taken == name.isprintable(), name
    for number in ("DE123456789", "", "123"):
        body = {"name": "Nord", "vat_number": number}
        assert asked.is_valid(body) == (nord.post("ticket-types/company_change/check/", body).status_code == 200) == (number != "123")


def test_documentation_has_no_inline_scripts(client):
    page = client.get("/api/docs/")
    assert page.status_code == 200 and b"swagger-ui" in page.content
    assert b"<style" not in page.content and b"<script>" not in page.content and b" onclick" not in page.content


def test_policy_value_is_added_once_per_idempotency_key(cast, program):
    body = {"valid_from": "2027-01-01", "value": "60.00", "note": "New price."}
    admin = program(cast.admin)
    answers = [admin.post("policies/fee.porting_date_change/values/", body, key="a") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201] and "Idempotency-Replayed" in answers[1]
    values = [entry["value"] for entry in answers[0].json()["timeline"]]
    assert values.count("60.00") == 1


def test_unknown_policy_value_field_is_400(cast, program):
    body = {"valid_from": "2027-01-01", "value": "7 months", "note": "Longer.", "bassis": "origin"}
    answer = program(cast.admin).post("policies/did.minimum_term_months/values/", body)
    assert answer.status_code == 400 and list(answer.json()["errors"]) == ["bassis"]
    assert list(program(cast.admin).post("policies/did.minimum_term_months/values/", []).json()["errors"]) == [""]


@pytest.mark.parametrize("field", ["valid_from", "note", "basis", "\ud800"])
def test_lone_surrogate_in_a_policy_value_is_400(field, cast, program):
    body = {"valid_from": "2027-01-01", "value": "60.00", "note": "Dearer."} | {field: "\ud800"}
    assert program(cast.admin).post("policies/fee.porting_date_change/values/", body).status_code == 400


def test_unreadable_policy_value_is_400(cast, program, subtests):
    admin = program(cast.admin)
    for value in ('"\\ud800"', "NaN", "1e999", "null", "{}", '"a\\u0000b"', "[[[]]]", '"' + "x" * 5000 + '"'):
        with subtests.test(value[:20]):
            answer = admin.post(
                "policies/fee.porting_date_change/values/", f'{{"valid_from": "2027-01-01", "value": {value}, "note": "Why."}}'
            )
            assert answer.status_code == 400, answer.content
