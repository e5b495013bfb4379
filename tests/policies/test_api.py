"""The policy API: what it shows to whom, and adding a dated value."""

import pytest
from rest_framework.test import APIClient

from policies.catalog import POLICIES
from policies.models import PolicyValue
from policies.rulebook import RULES
from policies.services import add_value

TERM = "/api/v1/policies/did.minimum_term_months/"


def api(user=None):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.mark.parametrize("path", ["/api/v1/policies/", TERM, "/api/v1/rules/"])
def test_policies_require_authentication(db, path):
    assert api().get(path).status_code in (401, 403)


def test_contact_can_read_every_policy(contact, django_assert_max_num_queries):
    client = api(contact)
    with django_assert_max_num_queries(1):
        results = client.get("/api/v1/policies/").json()["results"]
    assert [policy["code"] for policy in results] == list(POLICIES)
    term = next(policy for policy in results if policy["code"] == "did.minimum_term_months")
    assert term["sentence"] == "A new DID must be kept for at least 6 months from its activation."
    assert (term["unit"], term["rule"], term["basis"], term["value"]) == ("duration", "DID-1", "request", "6 months")


def test_notes_and_authors_are_visible_only_to_staff(contact, agent, admin, real_today, tomorrow):
    add_value("did.minimum_term_months", tomorrow, "7 months", "Between us", admin, real_today)
    for_partner = api(contact).get(TERM).json()["timeline"][-1]
    assert (for_partner["value"], for_partner["state"], for_partner["valid_from"]) == ("7 months", "announced", tomorrow.isoformat())
    assert not {"note", "set_by", "set_at"} & set(for_partner)
    for_staff = api(agent).get(TERM).json()["timeline"][-1]
    assert (for_staff["note"], for_staff["set_by"]) == ("Between us", "Ada Admin")


def test_administrator_can_add_a_value(admin, tomorrow):
    body = {"valid_from": tomorrow.isoformat(), "value": "7 months", "note": "Longer contracts", "basis": "origin"}
    answer = api(admin).post(TERM + "values/", body, format="json")
    assert answer.status_code == 201
    assert answer.json()["value"] == "6 months"
    assert answer.json()["timeline"][-1]["basis"] == "origin"
    assert PolicyValue.objects.get().set_by == admin


def test_table_values_are_sent_as_lists(admin, real_today):
    body = {"valid_from": real_today.isoformat(), "value": [[3, 16], [5, "21.5"]], "note": "Better discounts"}
    answer = api(admin).post("/api/v1/policies/commitment.discount/values/", body, format="json")
    assert answer.json()["value"] == [["3", "16.00"], ["5", "21.50"]]


@pytest.mark.parametrize("person", ["agent", "contact"])
def test_non_administrators_cannot_add_values(person, request, tomorrow):
    body = {"valid_from": tomorrow.isoformat(), "value": "7 months", "note": "Why"}
    answer = api(request.getfixturevalue(person)).post(TERM + "values/", body, format="json")
    assert answer.status_code == 403 and answer.json()["detail"] == "Only administrators can add policy values."
    assert not PolicyValue.objects.exists()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"valid_from", "value", "note"}),
        ({"valid_from": "2020-01-01", "value": "soon", "note": "Why"}, {"valid_from", "value"}),
        ({"valid_from": "soon", "value": "7 months", "note": "Why"}, {"valid_from"}),
        ({"valid_from": "2999-01-01", "value": {"a": 1}, "note": "Why"}, {"valid_from", "value"}),
        ({"valid_from": "2020-01-01", "value": "7 months", "note": "nul\x00"}, {"note"}),
        ({"valid_from": "2020-01-01", "value": None, "note": "Why"}, {"value"}),
        ([], {""}),
    ],
)
def test_invalid_fields_are_named(admin, body, fields):
    answer = api(admin).post(TERM + "values/", body, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == fields


def test_unknown_policies_are_404(admin):
    assert api(admin).get("/api/v1/policies/no.such/").status_code == 404
    assert api(admin).post("/api/v1/policies/no.such/values/", {}, format="json").status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_values_cannot_be_changed_or_deleted(admin, method):
    for path in (TERM, TERM + "values/"):
        assert getattr(api(admin), method)(path, {}, format="json").status_code == 405


def test_rulebook_contains_todays_values(contact, admin, real_today):
    add_value("did.minimum_term_months", real_today, "7 months", "Longer contracts", admin, real_today)
    rules = {rule["code"]: rule for rule in api(contact).get("/api/v1/rules/").json()["results"]}
    assert set(rules) == set(RULES)
    assert "7 months" in rules["DID-1"]["sentence"]
    assert rules["DID-1"]["policies"] == ["did.minimum_term_months"]
