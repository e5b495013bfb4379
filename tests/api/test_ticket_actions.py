"""Actions on a ticket: by its partner, and by the care team."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import LedgerEntry
from tickets.models import Ticket


def pdf(name="letter.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4 signed", content_type="application/pdf")


def status(number):
    ticket = Ticket.objects.get(pk=number)
    return ticket.status, ticket.outcome


def test_ticket_is_executed_and_its_fee_posted_once(nord, staff, porting, execute):
    number = nord.post("tickets/", {"type": "porting_date_change", "fields": porting, "accepted_charges": "50.00"}).json()["number"]
    answer = staff.post(f"tickets/{number}/execute/")
    assert answer.status_code == 202 and answer.json()["execution"]["state"] == "requested"
    assert staff.post(f"tickets/{number}/execute/").status_code == 409
    execute(number)
    shown = nord.get(f"tickets/{number}/").json()
    assert (shown["status"], shown["waiting_for"], shown["execution"]) == ("on_hold", "carrier", None)
    assert shown["charges"][0]["posted_at"] and shown["steps"] == []
    entry = nord.get("account/entries/").json()["results"][0]
    assert (entry["kind"], entry["fee"], entry["amount"], entry["currency"], entry["ticket"]) == (
        "fee",
        "fee.porting_date_change",
        "50.00",
        "EUR",
        number,
    )
    balance = {"balance": "50.00", "currency": "EUR"}
    assert nord.get("account/").json() == {"partner": "NORD", **balance, "balances": [balance]}
    assert [step["code"] for step in staff.get(f"tickets/{number}/").json()["steps"]] == ["carrier_outcome"]
    assert "confirmed_date" in staff.post(f"tickets/{number}/carrier-outcome/", {"outcome": "confirmed"}).json()["errors"]
    assert "outcome" in staff.post(f"tickets/{number}/carrier-outcome/", {"outcome": "maybe"}).json()["errors"]
    answer = staff.post(f"tickets/{number}/carrier-outcome/", {"outcome": "confirmed", "confirmed_date": porting["requested_date"]})
    assert (answer.json()["status"], answer.json()["outcome"]) == ("solved", "executed")
    assert staff.post(f"tickets/{number}/carrier-outcome/", {"outcome": "refused"}).status_code == 409
    assert LedgerEntry.objects.count() == 1


def test_carrier_refusal_is_shown_as_executed_and_declined(nord, staff, porting, execute):
    number = nord.post("tickets/", {"type": "porting_date_change", "fields": porting, "accepted_charges": "50.00"}).json()["number"]
    staff.post(f"tickets/{number}/execute/")
    execute(number)
    answer = staff.post(f"tickets/{number}/carrier-outcome/", {"outcome": "refused"}).json()
    assert (answer["status"], answer["outcome"], answer["declined"]) == ("solved", "executed", True)
    assert [row["number"] for row in nord.get("tickets/", outcome="executed").json()["results"]] == [number]
    assert "outcome" in nord.get("tickets/", outcome="declined").json()["errors"]


def test_request_that_became_impossible_is_422_with_verdict(cast, ticket, staff):
    cast.did.status = "cancelled"
    cast.did.save()
    answer = staff.post(f"tickets/{ticket}/execute/")
    assert answer.status_code == 422 and answer.json()["verdict"]["outcome"] == "denied"
    assert Ticket.objects.get().execution == ""


def test_messages_are_visible_to_both_sides_and_notes_to_staff(nord, staff, ticket):
    assert nord.post(f"tickets/{ticket}/messages/", {"body": "Please hurry."}).status_code == 201
    assert staff.post(f"tickets/{ticket}/notes/", {"body": "Nora is nice."}).status_code == 201
    assert staff.post(f"tickets/{ticket}/ask/", {"body": "Which site is it?"}).json()["status"] == "pending"
    of_partner = [event["body"] for event in nord.get(f"tickets/{ticket}/").json()["events"]]
    of_staff = [event["body"] for event in staff.get(f"tickets/{ticket}/").json()["events"]]
    assert of_partner == ["", "Please hurry.", "Which site is it?"]
    assert of_staff == ["", "Please hurry.", "Nora is nice.", "Which site is it?"]


def test_only_partners_must_write_in_an_accepted_language(nord, staff, ticket):
    text = "Wir möchten gerne wissen, wann diese Nummer endlich gekündigt wird, vielen Dank."
    answer = nord.post(f"tickets/{ticket}/messages/", {"body": text})
    assert answer.status_code == 400 and "English" in answer.json()["errors"]["body"][0]
    assert staff.post(f"tickets/{ticket}/messages/", {"body": text}).status_code == 201


@pytest.mark.parametrize(
    "body", [{}, {"body": ""}, {"body": "   "}, {"body": "x" * 10_001}, {"body": None}, {"body": ["x"]}, {"text": "x"}]
)
def test_invalid_message_is_400(nord, ticket, body):
    answer = nord.post(f"tickets/{ticket}/messages/", body)
    assert answer.status_code == 400 and "body" in answer.json()["errors"]


def test_only_the_partner_can_withdraw(nord, staff, ticket):
    assert staff.post(f"tickets/{ticket}/withdraw/").status_code == 403
    answer = nord.post(f"tickets/{ticket}/withdraw/")
    assert (answer.status_code, answer.json()["outcome"]) == (200, "withdrawn")
    assert nord.post(f"tickets/{ticket}/withdraw/").status_code == 409


def test_ticket_is_assigned_and_unassigned(cast, staff, nord, ticket):
    assert staff.post(f"tickets/{ticket}/assign/", {"assignee": "BEN@care.example"}).json()["assignee"]["email"] == "ben@care.example"
    assert nord.get(f"tickets/{ticket}/").json()["assignee"] == {"name": "Ben Agent", "email": None}
    for nobody in ("nora@nord.example", "nobody@care.example", 5):
        assert "assignee" in staff.post(f"tickets/{ticket}/assign/", {"assignee": nobody}).json()["errors"]
    assert "assignee" in staff.post(f"tickets/{ticket}/assign/", {}).json()["errors"]
    assert staff.post(f"tickets/{ticket}/assign/", {"assignee": None}).json()["assignee"] is None


def test_rejection_requires_a_reason_and_message(staff, nord, ticket):
    assert set(staff.post(f"tickets/{ticket}/reject/", {"reason": "mood"}).json()["errors"]) == {"reason", "message"}
    answer = staff.post(f"tickets/{ticket}/reject/", {"reason": "incomplete", "message": "Tell us the site."})
    assert (answer.status_code, answer.json()["outcome"], answer.json()["reason"]) == (200, "rejected", "incomplete")
    assert staff.post(f"tickets/{ticket}/reject/", {"reason": "incomplete", "message": "Again."}).status_code == 409


def test_staff_see_all_due_times_and_partners_only_the_first(staff, nord, ticket):
    for one in (f"tickets/{ticket}/", "tickets/"):
        seen, told = staff.get(one).json(), nord.get(one).json()
        seen, told = (answer["results"][0] if "results" in answer else answer for answer in (seen, told))
        assert seen["due_at"] == min(seen["first_due_at"], seen["solve_due_at"]) and seen["next_due_at"] is None
        assert told["first_due_at"] == seen["first_due_at"] and told["solve_due_at"] is told["due_at"] is None


def test_leads_can_override_a_finding_and_agents_cannot(cast, nord, staff, lead, ticket, execute):
    cast.did.activated_on = cast.today
    cast.did.save()
    body = {"rule": "DID-1", "reason": "The partner was told otherwise."}
    assert staff.post(f"tickets/{ticket}/override/", body).status_code == 403
    assert "reason" in lead.post(f"tickets/{ticket}/override/", {"rule": "DID-1"}).json()["errors"]
    assert lead.post(f"tickets/{ticket}/override/", body | {"rule": "DID-2"}).status_code == 409
    assert lead.post(f"tickets/{ticket}/override/", body).status_code == 200
    assert staff.post(f"tickets/{ticket}/execute/").status_code == 202
    execute(ticket)
    assert status(ticket) == ("solved", "executed")
    assert "told otherwise" not in nord.get(f"tickets/{ticket}/").content.decode()


def test_actions_without_fields_reject_any(nord, staff, ticket, transfer):
    for caller, path in (
        (nord, f"tickets/{ticket}/withdraw/"),
        (staff, f"tickets/{ticket}/execute/"),
        (staff, f"tickets/{transfer}/confirmations/subject/send-again/"),
    ):
        answer = caller.post(path, {"reason": "They have changed their minds."})
        assert answer.status_code == 400 and list(answer.json()["errors"]) == ["reason"]
        assert caller.post(path, "{").status_code == 400
    assert status(ticket) == ("new", "")
    bare = nord.client.generic("POST", f"/api/v1/tickets/{ticket}/withdraw/", headers=nord.headers)  # nor is a body required
    assert bare.status_code == 200


def test_impossible_overrides_are_explained(cast, lead, ticket):
    cast.did.status = "cancelled"
    cast.did.save()
    reason = "The partner was told otherwise."
    told = {
        rule: lead.post(f"tickets/{ticket}/override/", {"rule": rule, "reason": reason}).json()["detail"] for rule in ("DID-4", "DID-1")
    }
    assert told == {"DID-4": "Findings of DID-4 cannot be overridden.", "DID-1": "There is no finding of DID-1 against this ticket."}


def test_files_are_uploaded_and_served_as_downloads(nord, sud, staff, ticket):
    answer = nord.upload(f"tickets/{ticket}/attachments/", file=[pdf("a.pdf"), pdf("b.pdf")])
    assert answer.status_code == 201
    files = answer.json()["attachments"]
    assert [file["name"] for file in files] == ["a.pdf", "b.pdf"]
    path = files[0]["url"].partition("/api/v1/")[2]
    download = nord.get(path)
    assert b"".join(download.streaming_content) == b"%PDF-1.4 signed"
    assert download["Content-Disposition"].startswith("attachment") and "sandbox" in download["Content-Security-Policy"]
    assert sud.get(path).status_code == 404
    assert nord.get(path.replace(str(ticket), str(ticket + 1))).status_code == 404


def test_missing_or_invalid_file_is_400(nord, ticket):
    assert "file" in nord.upload(f"tickets/{ticket}/attachments/").json()["errors"]
    assert "file" in nord.upload(f"tickets/{ticket}/attachments/", letter=pdf()).json()["errors"]
    for part in ({"body": "It goes with the file."}, {"letter": pdf()}):
        answer = nord.upload(f"tickets/{ticket}/attachments/", file=pdf(), **part)
        assert answer.status_code == 400 and list(answer.json()["errors"]) == list(part)
    for bad in (SimpleUploadedFile("a.exe", b"MZ\x90\x00"), SimpleUploadedFile("a.pdf", b"")):
        answer = nord.upload(f"tickets/{ticket}/attachments/", file=[pdf(), bad])
        assert answer.status_code == 400 and list(answer.json()["errors"]) == ["file"]
    assert nord.get(f"tickets/{ticket}/").json()["attachments"] == []
    refused = nord.post(f"tickets/{ticket}/attachments/", {"file": "x"})
    assert refused.status_code == 415 and "multipart/form-data" in refused.json()["detail"]


@pytest.fixture
def transfer(nord):
    fields = {"reseller": "R-NORD", "new_partner": "SUD", "description": "They have asked to move to another partner."}
    answer = nord.post("tickets/", {"type": "reseller_transfer", "fields": fields})
    assert answer.status_code == 201, answer.content
    return answer.json()["number"]


def test_letters_confirm_for_parties_and_only_staff_see_addresses(nord, staff, transfer):
    seen = nord.get(f"tickets/{transfer}/")
    assert [row["party"] for row in seen.json()["confirmations"]] == ["subject", "current_partner", "new_partner"]
    assert not {"billing@sud.example", "office@kiel.example"} & set(seen.content.decode().split('"'))
    for party in ("subject", "current_partner"):
        assert staff.upload(f"tickets/{transfer}/confirmations/{party}/letter/", letter=pdf(), name="Ms Kiel").status_code == 200
    assert staff.upload(f"tickets/{transfer}/confirmations/subject/letter/", letter=pdf(), name="Ms Kiel").status_code == 409
    assert "letter" in staff.upload(f"tickets/{transfer}/confirmations/new_partner/letter/", name="Mr Sud").json()["errors"]
    two = staff.upload(f"tickets/{transfer}/confirmations/new_partner/letter/", letter=pdf(), page_2=pdf(), name="Mr Sud")
    assert two.status_code == 400 and list(two.json()["errors"]) == ["page_2"]
    assert staff.upload(f"tickets/{transfer}/confirmations/nobody/letter/", letter=pdf(), name="Ms X").status_code == 404
    assert staff.post(f"tickets/{transfer}/execute/").status_code == 422
    answer = staff.upload(f"tickets/{transfer}/confirmations/new_partner/letter/", letter=pdf(), name="Mr Sud")
    assert answer.json()["status"] == "open"
    assert len(answer.json()["attachments"]) == 3 and nord.get(f"tickets/{transfer}/").json()["attachments"] == []


def test_confirmation_link_is_stopped_and_sent_to_another_address(staff, transfer):
    path = f"tickets/{transfer}/confirmations/subject/stop/"
    assert staff.post(path, {"email": "karl@kiel.example"}).json()["confirmations"][0]["email"] == "karl@kiel.example"
    assert list(staff.post(path, {"email": "billing@sud.example"}).json()["errors"]) == ["email"]
    assert staff.post(path).json()["confirmations"][0]["email"] == ""
    assert list(staff.post(path).json()["errors"]) == ["email"]


def test_confirmation_is_sent_again(staff, transfer):
    assert staff.post(f"tickets/{transfer}/confirmations/new_partner/send-again/").status_code == 200
    assert staff.post(f"tickets/{transfer}/confirmations/nobody/send-again/").status_code == 404


def test_rma_advances_by_its_steps(cast, nord, staff, execute):
    fields = {"serial": "SN-OWNED", "kind": "doa", "fault": "It never started.", "replacement": "new", "delivery_address": "Kiel"}
    number = nord.post("tickets/", {"type": "rma", "fields": fields}).json()["number"]
    assert nord.post(f"tickets/{number}/steps/shipped/").status_code == 409
    staff.post(f"tickets/{number}/execute/")
    execute(number)
    assert [step["code"] for step in nord.get(f"tickets/{number}/").json()["steps"]] == ["shipped"]
    assert nord.post(f"tickets/{number}/steps/received/").status_code == 403
    assert nord.post(f"tickets/{number}/steps/shipped/").json()["waiting_for"] == "warehouse"
    step = staff.post(f"tickets/{number}/steps/received/").json()["steps"][0]
    assert step["code"] == "dispatch" and step["fields"]["required"] == ["serial"] and step["fields"]["properties"]["serial"]["pattern"]
    assert "serial" in staff.post(f"tickets/{number}/steps/dispatch/", {"serial": "SN-PUB"}).json()["errors"]
    answer = staff.post(f"tickets/{number}/steps/dispatch/", {"serial": "NEW-0001"})
    assert (answer.json()["outcome"], nord.get("devices/NEW-0001/").json()["ownership"]) == ("executed", "hw")


FOR_STAFF = [
    "assign",
    "correct",
    "notes",
    "ask",
    "execute",
    "reject",
    "carrier-outcome",
    "override",
    *(f"confirmations/subject/{act}" for act in ("send-again", "stop")),
]
FOR_ALL = ["messages", "withdraw", "steps/shipped"]
WITH_FILES = ["attachments", "confirmations/subject/letter"]


def test_staff_actions_are_403_for_partners(nord, ticket, subtests):
    for action in FOR_STAFF:
        with subtests.test(action):
            answer = nord.post(f"tickets/{ticket}/{action}/", {"body": "x", "reason": "other", "message": "x"})
            assert answer.status_code == 403 and answer["Content-Type"] == "application/problem+json"
    assert status(ticket) == ("new", "")


def test_letter_upload_is_403_for_partners(nord, transfer):
    assert nord.upload(f"tickets/{transfer}/confirmations/subject/letter/", letter=pdf(), name="Me").status_code == 403


def test_other_partners_ticket_is_404_like_a_missing_one(sud, ticket, subtests):
    for action in ("", *FOR_STAFF, *FOR_ALL, *WITH_FILES):
        with subtests.test(action):
            path = f"{{}}/{action}/".replace("//", "/")
            call = sud.get if not action else sud.upload if action in WITH_FILES else sud.post
            answers = [call("tickets/" + path.format(number)) for number in (ticket, ticket + 1000)]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert answers[0].content == answers[1].content
    assert status(ticket) == ("new", "")
