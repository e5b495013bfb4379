"""Requests: ticket types, the live check, and creating a ticket."""

import pytest

from tickets.models import DeniedAttempt, Override, Ticket
from tickets.types import TYPES


def test_ticket_types_are_listed_with_fields_and_fees(nord):
    kinds = {kind["code"]: kind for kind in nord.get("ticket-types/").json()["results"]}
    assert set(kinds) == set(TYPES)
    assert all(kind["title"] and kind["topic"] and kind["description"] and kind["expected"] for kind in kinds.values())
    change = kinds["porting_date_change"]
    assert [(fee["fee"], fee["amount"]) for fee in change["fees"]] == [("fee.porting_date_change", "50.00")]
    assert "costs 50.00 in the account currency" in change["fees"][0]["sentence"]
    assert change["currency"] == "EUR"
    move = kinds["reseller_transfer"]  # another partner pays it, in its own currency
    assert (move["fees"][0]["amount"], move["currency"]) == ("100.00", None)
    assert move["price_note"] == "100.00, paid by the new partner in its own currency"
    assert change["fields"]["required"] == ["did", "requested_date", "acknowledge_not_guaranteed"]
    assert change["fields"]["properties"]["requested_date"]["format"] == "date"
    assert kinds["did_cancel"]["fields"]["properties"]["dids"]["type"] == "array"
    assert kinds["did_cancel"]["fields"]["properties"]["reason"]["maxLength"] == 2000
    assert kinds["rma"]["fields"]["properties"]["replacement"]["enum"] == ["new", "refurbished", "wait"]


def test_partners_see_their_regional_fee_and_staff_all_regions(nord, staff):
    fee = nord.get("ticket-types/rma/").json()["fees"][0]
    assert fee["amount"] == fee["amount_by_region"]["EU"]
    fee = staff.get("ticket-types/rma/").json()["fees"][0]
    assert fee["amount"] is None and "EU" in fee["amount_by_region"]


def test_unknown_type_is_404(nord):
    assert nord.get("ticket-types/nonsense/").status_code == 404
    assert nord.post("ticket-types/nonsense/check/").status_code == 404


def test_check_returns_the_verdict_and_creates_nothing(cast, nord):
    answer = nord.post("ticket-types/did_cancel/check/", {"dids": [cast.young.number]})
    assert answer.status_code == 200
    verdict = answer.json()
    assert set(verdict) == {"outcome", "findings", "charges", "credits", "policy_date", "asked_already"}
    assert (verdict["outcome"], verdict["policy_date"]) == ("denied", "2026-11-18")
    finding = verdict["findings"][0]
    assert (finding["rule"], finding["effect"], finding["field"], finding["subject"]) == ("DID-1", "deny", "dids", cast.young.number)
    assert finding["allowed_from"] == "2027-04-19" and finding["policy"] and finding["message"]
    assert not Ticket.objects.exists() and not DeniedAttempt.objects.exists()


def test_check_shows_the_charges(nord, porting):
    charge = nord.post("ticket-types/porting_date_change/check/", porting).json()["charges"][0]
    assert (charge["fee"], charge["amount"], charge["currency"], charge["payer"]) == ("fee.porting_date_change", "50.00", "EUR", "NORD")


def test_staff_check_names_the_partner_and_an_optional_day(cast, staff):
    body = {"dids": [cast.young.number]}
    assert "partner" in staff.post("ticket-types/did_cancel/check/", body).json()["errors"]
    body["partner"] = "NORD"
    assert staff.post("ticket-types/did_cancel/check/", body).json()["outcome"] == "denied"
    verdict = staff.post("ticket-types/did_cancel/check/", body | {"as_of": "2027-04-19"}).json()
    assert (verdict["outcome"], verdict["policy_date"]) == ("allowed", "2027-04-19")


def test_invalid_day_is_400(cast, staff, subtests):
    for day in ["1066-10-14", "9999-12-31", "tomorrow", "٢٠٢٧-٠٣-٠١", 5]:
        with subtests.test(str(day)):
            answer = staff.post("ticket-types/did_cancel/check/", {"dids": [cast.did.number], "partner": "NORD", "as_of": day})
            assert answer.status_code == 400 and "as_of" in answer.json()["errors"]


def test_partners_can_check_only_for_themselves(cast, nord):
    body = {"dids": [cast.did.number]}
    assert nord.post("ticket-types/did_cancel/check/", body | {"partner": "NORD"}).status_code == 200
    assert "partner" in nord.post("ticket-types/did_cancel/check/", body | {"partner": "SUD"}).json()["errors"]
    assert "as_of" in nord.post("ticket-types/did_cancel/check/", body | {"as_of": "2027-04-19"}).json()["errors"]


def test_other_partners_number_is_reported_like_an_unknown_one(cast, nord):
    texts = []
    for number in (cast.winery_did.number, "+390809999999"):
        answer = nord.post("ticket-types/did_cancel/check/", {"dids": [number]})
        assert answer.status_code == 400
        texts.append(answer.json()["errors"]["dids"][0].replace(number, "…"))
    assert texts[0] == texts[1]


def test_check_costs_few_queries(cast, nord, django_assert_num_queries):
    """The token, the policy values, the numbers with their Commitments, open requests about them; once more for numbers inside ranges."""
    for numbers, queries in (([cast.did.number, cast.held.number, cast.young.number], 5), ([cast.did.number, "+498981000501"], 7)):
        with django_assert_num_queries(queries):
            nord.post("ticket-types/did_cancel/check/", {"dids": numbers})


def test_ticket_is_created(cast, nord):
    answer = nord.post("tickets/", {"type": "did_cancel", "fields": {"dids": ["+49 89 8100 0400"], "reason": "Moved away."}})
    assert answer.status_code == 201
    ticket = answer.json()
    assert (ticket["type"], ticket["status"], ticket["outcome"], ticket["partner"]) == ("did_cancel", "new", "", "NORD")
    assert ticket["verdict"]["outcome"] == "allowed" and ticket["charges"] == []
    assert ticket["fields"] == {"dids": [cast.did.number], "reason": "Moved away."}
    assert ticket["requester"] == {"name": "Nora Nord", "email": "nora@nord.example"}
    assert nord.get(f"tickets/{ticket['number']}/").json() == ticket


def test_open_request_about_the_same_number_is_named_not_refused(cast, nord, staff):
    """By number in any notation; of the same type and partner only, as long as it is open."""
    first = nord.post("tickets/", {"type": "did_cancel", "fields": {"dids": [cast.did.number]}}).json()
    known = [{name: first[name] for name in ("number", "subject", "created_at")}]
    again, other = {"dids": ["+49 89 8100 0400", cast.range.number]}, {"dids": [cast.range.number]}
    assert nord.post("ticket-types/did_cancel/check/", again).json()["asked_already"] == known
    assert staff.post("ticket-types/did_cancel/check/", again | {"partner": "NORD"}).json()["asked_already"] == known
    assert nord.post("ticket-types/did_cancel/check/", other).json()["asked_already"] == []
    assert nord.post("tickets/", {"type": "did_cancel", "fields": again}).status_code == 201
    for number in (first["number"], first["number"] + 1):
        assert nord.post(f"tickets/{number}/withdraw/").status_code == 200
    assert nord.post("ticket-types/did_cancel/check/", again).json()["asked_already"] == []


def test_denied_request_is_422_with_verdict_and_counted(cast, nord, today):
    body = {"type": "did_cancel", "fields": {"dids": [cast.young.number, cast.held.number]}}
    answer = nord.post("tickets/", body)
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["verdict"]["outcome"] == "denied"
    nord.post("tickets/", body)
    counts = {(a.day, a.type_code, a.rule): a.count for a in DeniedAttempt.objects.all()}
    assert counts == {(today, "did_cancel", "DID-1"): 2, (today, "did_cancel", "DID-2"): 2}
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("accepted", [None, "0", "49.99", "50.01", "100"])
def test_unaccepted_price_is_409_with_current_charges(nord, porting, accepted):
    body = {"type": "porting_date_change", "fields": porting} | ({"accepted_charges": accepted} if accepted else {})
    answer = nord.post("tickets/", body)
    assert answer.status_code == 409
    assert answer.json()["charges"][0]["amount"] == "50.00" and answer.json()["total"] == "50.00"
    assert not Ticket.objects.exists()


def test_wrong_accepted_charges_are_told_the_price(cast, nord, porting):
    def told(kind, fields, **sums):
        return nord.post("tickets/", {"type": kind, "fields": fields} | sums).json()["detail"]

    assert told("porting_date_change", porting).startswith("The request has a price.")
    assert "accepted 49.99, but the total is 50.00" in told("porting_date_change", porting, accepted_charges="49.99")
    free = told("did_cancel", {"dids": [cast.did.number]}, accepted_charges="5")
    assert free == "The request is free of charge: leave out accepted_charges."
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("accepted", ["50.00", "50", 50, 50.0])
def test_price_is_accepted_by_stating_it(nord, porting, accepted):
    answer = nord.post("tickets/", {"type": "porting_date_change", "fields": porting, "accepted_charges": accepted})
    assert answer.status_code == 201
    charge = answer.json()["charges"][0]
    assert (charge["fee"], charge["amount"], charge["payer"], charge["due_at"]) == ("fee.porting_date_change", "50.00", "NORD", None)


def test_invalid_accepted_charges_are_400(nord, porting, subtests):
    for accepted in ["-50", "5e1", "٥٠", "50,00", "NaN", "50.001", "50\n", True, [], {}, "9" * 40]:
        with subtests.test(str(accepted)):
            answer = nord.post("tickets/", {"type": "porting_date_change", "fields": porting, "accepted_charges": accepted})
            assert answer.status_code == 400 and "accepted_charges" in answer.json()["errors"]


def test_staff_create_tickets_for_a_partner(cast, staff):
    body = {"type": "did_cancel", "fields": {"dids": [cast.did.number]}}
    assert "partner" in staff.post("tickets/", body).json()["errors"]
    ticket = staff.post("tickets/", body | {"partner": "NORD"}).json()
    assert (ticket["partner"], ticket["requester"]["name"]) == ("NORD", "Ada Agent")
    assert "partner" in staff.post("tickets/", body | {"partner": "NOBODY"}).json()["errors"]
    assert "requester" in staff.post("tickets/", body | {"partner": "NORD", "requester": cast.sara.email}).json()["errors"]
    asked = staff.post("tickets/", body | {"partner": "NORD", "requester": cast.nora.email}).json()
    assert (asked["requester"]["name"], asked["events"][0]["by"]) == ("Nora Nord", "Ada Agent")


def test_lead_overrides_rules_and_the_reason_is_hidden_from_partners(cast, staff, lead, nord):
    body = {"type": "did_cancel", "partner": "NORD", "fields": {"dids": [cast.young.number]}, "override_reason": "Goodwill."}
    assert "override_reason" in staff.post("tickets/", body).json()["errors"]
    assert "override_reason" in lead.post("tickets/", body | {"override_reason": "ok"}).json()["errors"]
    ticket = lead.post("tickets/", body)
    assert ticket.status_code == 201 and "Goodwill." in ticket.json()["verdict"]["findings"][0]["overridden"]
    assert Override.objects.get().rule == "DID-1"
    told = [(event["kind"], event["by"], event["body"], event["internal"]) for event in ticket.json()["events"]]
    assert told[1:] == [("overridden", "Lea Lead", "Goodwill.", True)]
    seen = nord.get(f"tickets/{ticket.json()['number']}/")
    assert seen.json()["verdict"]["findings"][0]["overridden"] == "yes" and "Goodwill" not in seen.content.decode()


def test_dates_at_the_calendar_limits_cause_no_error(nord, porting):
    for day in ("9999-12-31", "0001-01-01"):
        answer = nord.post("ticket-types/porting_date_change/check/", porting | {"requested_date": day})
        assert answer.status_code in (200, 400), answer.content


def test_text_in_another_language_is_denied_at_its_field(cast, nord):
    text = "Bitte kündigen Sie diese Rufnummer so schnell wie möglich, wir brauchen sie nicht mehr."
    verdict = nord.post("ticket-types/did_cancel/check/", {"dids": [cast.did.number], "reason": text}).json()
    assert [(f["rule"], f["field"]) for f in verdict["findings"]] == [("GEN-1", "reason")]
