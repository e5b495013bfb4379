"""Whatever is sent with a form, the response is the page again with the errors, and nothing of it is stored."""

import itertools
import re

import pytest

from tests.every_url import bad_input
from tests.thorough import share
from tickets.models import Event, Ticket

GOOD = {
    "did_cancel": {"dids": ["+49898100050X"], "reason": "No longer needed.", "message": ""},
    "porting_date_change": {
        "did": "+498981000404",
        "requested_date": "2026-12-30",
        "acknowledge_not_guaranteed": "on",
        "accepted_charges": "50",
    },
    "rma": {
        "serial": "SN-SERVICE",
        "kind": "hwaas",
        "fault": "The display stays dark.",
        "replacement": "new",
        "delivery_address": "Somewhere 1",
        "accepted_charges": "0",
    },
    "reseller_transfer": {"reseller": "R-NORD", "new_partner": "SUD", "description": "They want to move.", "accepted_charges": "100"},
}
SPECIAL = {
    "requested_date": bad_input.DATES,
    "accepted_charges": bad_input.SUMS,
    "once": bad_input.ONCE,
    "dids": bad_input.NUMBERS,
    "did": bad_input.NUMBERS,
}
# Responses to a form: sent, refused, denied by the rules, price not accepted, too large.
MAY_BE = (200, 302, 400, 409, 413, 422)


def variants(good):
    """Yield (what is odd about it, the fields): each field missing, repeated, with its own odd texts; every odd text everywhere."""
    for name in dict.fromkeys((*good, "once", "accepted_charges", "override_reason")):
        yield f"{name} missing", {key: value for key, value in good.items() if key != name}
        yield f"{name} twice", good | {name: ["a", "b"]}
        for text in (*SPECIAL.get(name, ()), *bad_input.WORST):
            yield f"{name}={text[:30]!r}", good | {name: text}
    for text in (*share(bad_input.ODD, 8), bad_input.WORDS):
        yield f"everything={text[:30]!r}", dict.fromkeys(good, text.encode("utf-8", "replace").decode())
    yield "nothing", {}
    yield "300 numbers", good | {"dids": [f"+4989810{place:05}" for place in range(300)]}


@pytest.mark.parametrize("code", share(GOOD, 6))
def test_no_body_breaks_a_request_form(code, visit, walker, scene):
    client, _token = walker(scene.nora)
    wrong, kept = [], Ticket.objects.count()
    for what, fields in variants(GOOD[code]):
        for end in ("", "check/") if "everything" in what or "dids" in what else ("",):
            try:
                answer = visit(client, "post", f"/portal/requests/new/{code}/{end}", fields)
            except AssertionError as error:
                wrong.append(f"{what}: {str(error)[-250:]}")
                continue
            if answer.status_code not in (MAY_BE if not end else (200, 400, 413)):
                wrong.append(f"{what}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert Ticket.objects.count() == kept


@pytest.mark.parametrize("code", GOOD)
def test_valid_body_is_accepted(code, visit, walker, scene):
    """Without this the test above would pass with forms that refuse everything."""
    answer = visit(walker(scene.nora)[0], "post", f"/portal/requests/new/{code}/", GOOD[code] | price_of(code, visit, walker, scene))
    assert answer.status_code == 302, re.findall(r'class="[^"]*error[^"]*"[^>]*>(.*?)<', answer.text_body)


def price_of(code, visit, walker, scene):
    answer = visit(walker(scene.nora)[0], "post", f"/portal/requests/new/{code}/check/", GOOD[code])
    found = re.search(r'name="accepted_charges" value="([^"]*)"', answer.text_body)
    return {"accepted_charges": found[1]} if found else {}


def test_invalid_accepted_sum_accepts_nothing(client, scene):
    client.force_login(scene.nora)
    before = Ticket.objects.count()
    for sum_ in bad_input.SUMS:
        answer = client.post("/portal/requests/new/porting_date_change/", GOOD["porting_date_change"] | {"accepted_charges": sum_})
        assert (answer.status_code, Ticket.objects.count()) == (409, before), sum_[:20]


@pytest.mark.parametrize("foreign", ["+390801234567", "+390801234999"])
def test_foreign_number_reads_like_a_nonexistent_one(foreign, visit, walker, scene):
    """Nora learns the same about a number of Sud's as about a nonexistent number."""
    client, _token = walker(scene.nora)
    for path in ("/portal/requests/new/did_cancel/check/", "/portal/requests/new/did_cancel/"):
        text = visit(client, "post", path, {"dids": [foreign]}).text_body
        assert "Winery" not in text
        assert "390801234567" not in text.replace(foreign, "").replace(" ", "")
    answer = visit(client, "post", "/portal/requests/new/did_cancel/", {"dids": [foreign]})
    assert (answer.status_code, f"{foreign} is not among your numbers." in answer.text_body) == (400, True)


ACTIONS = {
    "take": {},
    "handling": {"assignee": "", "priority": "2"},
    "reply": {"text": "Hello.", "kind": "note"},
    "ask": {"text": "Which one?"},
    "status": {"status": "on_hold", "text": "Why", "waiting_for": "carrier", "seen_status": "new"},
    "tags": {"add": "invoice", "remove": "x"},
    "followers": {"user": "1"},
    "merge": {"other": "10001"},
    "split": {"event": "1", "subject": "Another"},
    "unsend": {"draft": "1"},
    "detach": {"file": "1", "text": ""},
    "reject": {"reason": "other", "text": "No."},
    "override": {"rule": "DID-1", "reason": "Because of that."},
    "execute": {},
    "steps/carrier_outcome": {"outcome": "confirmed", "confirmed_date": "2026-12-30"},
    "steps/received": {},
    "confirmations/subject/letter": {"name": "Somebody", "letter": ""},
    "confirmations/subject/send-again": {},
    "confirmations/subject/stop": {"email": "other@kiel.example"},
}


@pytest.mark.thorough
def test_no_body_breaks_agents_actions(visit, walker, scene):
    client, _token = walker(scene.lead)
    wrong, events = [], Event.objects.count()
    for ticket, (action, good) in itertools.product(share(scene.tickets, 4), ACTIONS.items()):
        for what, fields in variants_of_action(good):
            try:
                answer = visit(client, "post", f"/desk/{ticket.pk}/{action}/", fields)
            except AssertionError as error:
                wrong.append(f"{action} {ticket.type_code} {what}: {str(error)[-250:]}")
                continue
            if answer.status_code not in (302, 400, 404, 409, 413):
                wrong.append(f"{action} {ticket.type_code} {what}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert Event.objects.count() == events


@pytest.mark.parametrize("back", ["no address", "//elsewhere.example/", "/desk/bulk/", bad_input.NUL])
def test_invalid_return_address_leads_to_the_queue(back, visit, walker, scene):
    answer = visit(walker(scene.agent)[0], "post", "/desk/bulk/", {"back": back})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")


def variants_of_action(good):
    yield "good", good
    yield "nothing", {}
    for name in good:
        yield f"{name} twice", good | {name: ["a", "b"]}
        for text in share((bad_input.NUL, "-1", "2026-13-01", bad_input.HUGE, "٠١", "9999-12-31", "x" * 10_001)):
            yield f"{name}={text[:30]!r}", good | {name: text}


PARTNER_ACTIONS = ("reply", "withdraw", "steps/shipped")


def test_no_body_breaks_partners_actions(visit, walker, scene):
    client, _token = walker(scene.nora)
    for ticket, action in itertools.product(share(scene.tickets, 2), PARTNER_ACTIONS):
        for text in (bad_input.NUL, bad_input.WORDS, "", " ", "Bitte kündigen Sie diese Nummer sofort.", "Thank you very much."):
            answer = visit(client, "post", f"/portal/requests/{ticket.pk}/{action}/", {"text": text, "kind": "note", "is_internal": "on"})
            assert answer.status_code in (302, 400, 404, 413), (ticket.type_code, text[:20], answer.status_code)


def test_partner_cannot_write_an_internal_note(client, scene):
    client.force_login(scene.nora)
    client.post(f"/portal/requests/{scene.said.pk}/reply/", {"text": "Thank you very much.", "kind": "note", "is_internal": "on"})
    event = Event.objects.filter(ticket=scene.said).order_by("pk").last()
    assert (event.kind, event.is_internal) == ("message", False)
