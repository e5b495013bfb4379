"""Agents correct a partner's answers in place: judged by the same code, at the accepted price, and everybody is notified."""

import datetime
import re

import pytest

from classound.models import Did
from hwaas.models import Order
from pbx.models import Pbx
from tests.cast import make_pbx
from tests.desk.corrections import RMA, corrected, snapshot
from tests.tickets.actions import ask, carry_out, take
from tickets.models import Mail
from tickets.pages import similar_requests as asked_before
from tickets.services import agent_actions, conversation, correcting, execution, status
from tickets.services.handling import Conflict
from tickets.types import TYPES, kind_of
from web.templatetags.careline import unbroken


@pytest.fixture
def porting(cast, now):
    """A change to ten days after the porting, which is a business day."""
    day = cast.porting.porting_date + datetime.timedelta(days=10)
    day += datetime.timedelta(days=2 * (day.weekday() > 4))
    more = {"did": cast.porting.number, "requested_date": day.isoformat(), "acknowledge_not_guaranteed": "on"}
    return ask(cast.nora, "porting_date_change", now, accepted="50.00", **more)


def test_corrected_number_is_replaced_everywhere(cast, now, client):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="Closed.", message="Our words.")
    before = ticket.verdict
    event = corrected(ticket, cast.agent, now, dids=[cast.range.number])
    assert (ticket.subject, ticket.answers["dids"]) == ("Cancel +49 89 8100050X", [cast.range.number])
    assert (ticket.status, ticket.answers["message"]) == ("open", "Our words.")
    assert event.corrections == [{"field": "dids", "old": [cast.did.number], "new": [cast.range.number]}] and not event.is_internal
    assert (event.data["verdict"], ticket.verdict["outcome"]) == (before, "allowed")
    kind = kind_of(ticket)
    asked_again = [asked_before.find(cast.nora, kind, cast.nord, {"dids": [one.number]}) for one in (cast.did, cast.range)]
    assert [[row.pk for row in rows] for rows in asked_again] == [[], [ticket.pk]], "what was asked for already"
    mail = Mail.objects.get(key=f"progress:{ticket.pk}:{event.pk}")
    assert mail.to == cast.nora.email and "+49 89 81000400 → +49 89 8100050X" in event.body
    carry_out(ticket, cast.agent, now)
    assert sorted(Did.objects.filter(status="cancelled").values_list("number", flat=True)) == [cast.range.number]


def test_correction_names_pbxs_in_email_and_pages(cast, now, client):
    make_pbx("PBX-NEXT", cast.bakery, cast.today), make_pbx("PBX-THIRD", cast.bakery, cast.today)
    ticket = ask(cast.nora, "did_transfer", now, accepted="50", dids=[cast.did.number], target_pbx="PBX-NEXT")
    event = corrected(ticket, cast.agent, now, target_pbx="PBX-THIRD")
    (before, after) = (f"{pbx.name} ({pbx.serial})" for pbx in Pbx.objects.filter(serial__in=("PBX-NEXT", "PBX-THIRD")).order_by("serial"))
    assert event.body.endswith(f"Target PBX: {before} → {after}")
    for person, path in ((cast.agent2, f"/desk/{ticket.pk}/"), (cast.nora, f"/portal/requests/{ticket.pk}/")):
        client.force_login(person)
        page = client.get(path).content.decode()
        assert f'"diff-old">{before}' in page.partition('id="timeline"')[2]
        assert before in re.search(r"<dd data-corrected>.*?</dd>", page, re.DOTALL)[0]


def test_correction_shows_author_and_previous_answer_to_everyone(cast, now, client, rma):
    corrected(rma, cast.agent, now, delivery_address="Kai 11\n24103 Kiel")
    corrected(rma, cast.lead, now, delivery_address="Kai 111\n24103 Kiel")
    for person, path in ((cast.agent2, f"/desk/{rma.pk}/"), (cast.nora, f"/portal/requests/{rma.pk}/")):
        client.force_login(person)
        page = client.get(path).content.decode()
        cell = re.search(r"<dd data-corrected>.*?</dd>", page, re.DOTALL)[0]
        assert unbroken("Kai 111\n24103 Kiel") in cell and unbroken("Kai 1, 24103 Kiel") in cell and "corrected by Lea Lead" in cell
        talk = page.partition('id="timeline"')[2]
        assert talk.count("corrected the request") == 2 and f'"diff-old">{unbroken("Kai 11, 24103 Kiel")}' in talk
    client.force_login(cast.agent2)
    assert client.get(f"/desk/{rma.pk}/").content.decode().count("Policy result before the correction") == 2
    corrected(rma, cast.agent, now, delivery_address="Kai 1\n24103 Kiel")
    assert "<dd data-corrected" not in client.get(f"/desk/{rma.pk}/").content.decode(), "as it was submitted"


def test_api_shows_corrections_without_override_details(cast, now, client):
    ticket = ask(cast.lead, "did_cancel", now, dids=[cast.young.number], partner=cast.nord, override="A secret of ours.", reason="Closed.")
    corrected(ticket, cast.agent, now, reason="Closed for good.")
    client.force_login(cast.nora)
    told = client.get(f"/api/v1/tickets/{ticket.pk}/").json()
    event = next(one for one in told["events"] if one["title"] == "Request corrected")
    assert event["data"] == {"corrections": [{"field": "reason", "old": "Closed.", "new": "Closed for good."}]}
    assert "A secret of ours" not in str(told)


def test_query_count_is_independent_of_corrections(cast, now, client, fetch, rma):
    client.force_login(cast.agent)

    def measured():
        fetch(f"/desk/{rma.pk}/")
        return fetch(f"/desk/{rma.pk}/")

    before = measured()[1]
    for place in range(3):
        corrected(rma, cast.agent, now, fault=f"The display stays dark, {place} times.")
    assert measured()[1] == before
    for place in range(60):
        conversation.note(rma.pk, f"Note {place}", author=cast.agent2, at=now)
    page, count = measured()
    assert count <= 12 and "<dd data-corrected" in page.content.decode()


def test_denied_correction_is_not_saved_and_keeps_the_input(cast, now, client, porting):
    before = snapshot(porting)
    client.force_login(cast.agent)
    path = f"/desk/{porting.pk}/correct/"
    for wrong, status_code, words in (
        ({"requested_date": now.date().isoformat()}, 422, "the policies do not allow"),
        ({"requested_date": "2020-02-03"}, 422, "the policies do not allow"),
        ({"requested_date": "٢٠٢٧-٠١-٠١"}, 400, "Enter the date as YYYY-MM-DD"),
        ({"did": cast.winery_did.number}, 400, "is not among your numbers"),
        ({"did": "+49\x0089"}, 400, "cannot read this value"),
        ({"did": "9" * 10_000}, 400, "cannot read this value"),
        ({"did": ""}, 400, "Choose at least one number"),
    ):
        page = client.post(path, {"did": porting.answers["did"], "requested_date": porting.answers["requested_date"]} | wrong)
        text = page.content.decode()
        assert (page.status_code, words in text) == (status_code, True), wrong
        assert snapshot(porting) == before
    assert "acknowledge" not in text.partition('class="form correcting"')[2].partition("</form>")[0], "what was confirmed is the partner's"


def test_address_is_validated_as_in_the_partners_form(cast, now, client):
    row = {"did": cast.winery_did.number, "user_name": "Ugo", "street": "Via Po 1", "postcode": "70121", "city": "Bari", "country": "IT"}
    ticket = ask(cast.sara, "emergency_activation", now, locations=[row])
    client.force_login(cast.agent)
    opened = client.get(f"/desk/{ticket.pk}/correct/", headers={"HX-Request": "true"}).content.decode()
    assert 'value="Via Po 1"' in opened and "<html" not in opened
    typed = {f"locations-0-{name}": value for name, value in row.items()}
    for wrong, words in (("Narnia", "do not recognise this country"), ("", "This field is required")):
        page = client.post(f"/desk/{ticket.pk}/correct/", typed | {"locations-0-country": wrong})
        assert page.status_code == 400 and words in page.content.decode()
    page = client.post(f"/desk/{ticket.pk}/correct/", typed | {"locations-0-street": "x" * 10_000})
    assert page.status_code == 400 and "at most 200 characters" in page.content.decode()
    right = {"locations-0-street": "Via Po 11", "locations-0-country": "Italy"}
    assert client.post(f"/desk/{ticket.pk}/correct/", typed | right).status_code == 302
    ticket.refresh_from_db()
    assert ticket.answers["locations"] == [row | {"street": "Via Po 11"}]
    assert ticket.events.get(kind="status").body.splitlines()[1:] == ["Street and number: Via Po 1 → Via Po 11"]


def test_unchanged_answers_are_not_a_correction(cast, now, client, rma):
    before = snapshot(rma)
    client.force_login(cast.agent)
    same = RMA | {"serial": cast.phone.serial, "delivery_address": "Kai 1\r\n24103 Kiel"}
    page = client.post(f"/desk/{rma.pk}/correct/", same, follow=True)
    assert "Nothing changed" in page.content.decode() and snapshot(rma) == before
    two = ask(cast.nora, "did_cancel", now, dids=[cast.did.number, cast.range.number])
    assert corrected(two, cast.agent, now, dids=[cast.range.number, cast.did.number]) is None


def test_reason_is_shown_if_correction_is_impossible(cast, now, client, porting, rma):
    client.force_login(cast.agent)

    def refused(ticket, words):
        page = client.get(f"/desk/{ticket.pk}/").content.decode()
        assert words in page and 'data-key="c"' not in page
        assert words in client.get(f"/desk/{ticket.pk}/correct/", follow=True).content.decode()
        assert words in client.get(f"/desk/{ticket.pk}/correct/", headers={"HX-Request": "true"}).content.decode()
        before = snapshot(ticket)
        assert words in client.post(f"/desk/{ticket.pk}/correct/", {}, follow=True).content.decode() and snapshot(ticket) == before

    assert 'data-key="c"' in client.get(f"/desk/{porting.pk}/").content.decode()
    status.change(rma.pk, "on_hold", actor=cast.agent, at=now, text="Asked by phone.", waiting_for="carrier")
    refused(rma, "The carrier has been asked")
    status.change(rma.pk, "open", actor=cast.agent, at=now)
    carry_out(rma, cast.agent, now)
    refused(rma, "being carried out")  # its steps are still open
    execution.request_execution(porting.pk, actor=cast.agent, at=now)
    refused(porting, "being carried out")
    execution.execute(porting.pk, at=now)
    refused(porting, "The carrier has been asked")
    take(porting, "carrier_outcome", cast.agent, now, outcome="refused")
    refused(porting, "This request has ended")


def test_conflicting_corrections_overwrite_nothing(cast, now, client, rma):
    drawn = correcting.texts(kind_of(rma), rma.answers)
    corrected(rma, cast.agent2, now, delivery_address="Kai 2", replacement="refurbished")
    corrected(rma, cast.agent, now, seen=drawn, fault="It is dark.", delivery_address=RMA["delivery_address"], replacement="new")
    assert [rma.answers[name] for name in ("delivery_address", "replacement", "fault")] == ["Kai 2", "refurbished", "It is dark."]
    with pytest.raises(Conflict):
        corrected(rma, cast.agent, now, seen=drawn, delivery_address="Kai 3")
    client.force_login(cast.agent)
    typed = RMA | {"serial": cast.phone.serial, "delivery_address": "Kai 3"} | {f"seen_{name}": text for name, text in drawn.items()}
    before = snapshot(rma)
    answer = client.post(f"/desk/{rma.pk}/correct/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409 and snapshot(rma) == before
    assert all(words in page for words in ("Kai 1, 24103 Kiel", "Kai 2", "Kai 3", "Delivery address", "you did not change this"))
    form = page.partition('class="conflict')[2].partition("</form>")[0]
    unescaped = form.replace("&quot;", '"').replace("&#x27;", "'")
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="(.*?)">', unescaped, re.DOTALL))
    assert client.post(f"/desk/{rma.pk}/correct/", sent | {"take_delivery_address": "mine"}).status_code == 302
    rma.refresh_from_db()
    assert [rma.answers[name] for name in ("delivery_address", "replacement", "fault")] == ["Kai 3", "refurbished", "It is dark."]


def test_concurrent_corrections_that_are_invalid_together_are_not_both_saved(cast, now):
    """One person removes the country because there is an order, the other the order because there is a country."""
    Order.objects.create(number="ORD-1", partner=cast.nord, country="US", placed_on=now.date())
    ticket = ask(cast.nora, "delivery_quote", now, order="ORD-1", country="US", items="Two phones", overnight="on")
    drawn = correcting.texts(kind_of(ticket), ticket.answers)
    corrected(ticket, cast.agent2, now, seen=drawn, country="")
    assert "country" not in ticket.answers, "as if it had been submitted without"
    before = snapshot(ticket)
    with pytest.raises(correcting.NotValid):
        corrected(ticket, cast.agent, now, seen=drawn, order="", country="US")
    assert snapshot(ticket) == before


def test_corrected_order_number_triggers_the_automatic_answer(cast, now):
    for number, tracking in (("ORD-1", ""), ("ORD-2", "TRACK-2")):
        sent = {"dispatched_on": now.date(), "carrier": "DHL", "tracking_number": tracking}
        Order.objects.create(number=number, partner=cast.nord, country="DE", placed_on=now.date(), **sent)
    ticket = ask(cast.nora, "shipment_tracking", now, order="ORD-1")
    assert ticket.status == "new"
    corrected(ticket, cast.agent, now, order="ORD-2")
    assert (ticket.status, ticket.outcome) == ("solved", "answered") and "TRACK-2" in ticket.events.get(kind="answered").body


def test_corrected_question_is_found_by_new_words_and_topic(cast, now, client, ticket):
    agent_actions.set_status(ticket.pk, "open", actor=cast.agent, at=now)
    later = now + datetime.timedelta(hours=1)
    corrected(ticket, cast.agent, later, topic="Orders", subject="The parcel for Flensburg")
    assert (ticket.topic, ticket.subject, ticket.updated_at) == ("Orders", "The parcel for Flensburg", later)
    client.force_login(cast.agent)
    assert f"/desk/{ticket.pk}/" in client.get("/desk/?view=all&q=Flensburg").content.decode()


def test_texts_confirmations_and_commitments_cannot_be_corrected(cast, now):
    codes = ("general_question", "porting_date_change", "commitment_request", "xbees_switch")
    assert [correcting.fields(TYPES[code]) for code in codes] == [["topic", "subject"], ["did", "requested_date"], ["pbx"], ["pbx"]]
    ticket = ask(cast.nora, "commitment_request", now, pbx=cast.pbx.serial, years="3")
    assert corrected(ticket, cast.agent, now, years="5") is None and ticket.answers["years"] == 3


def test_only_the_care_team_can_correct(cast, now, client, rma):
    before = snapshot(rma)
    for person in (cast.nora, cast.sara):
        client.force_login(person)
        for answer in (client.get(f"/desk/{rma.pk}/correct/"), client.post(f"/desk/{rma.pk}/correct/", RMA)):
            assert answer.status_code == 404
    client.force_login(cast.agent)
    assert client.post("/desk/999999/correct/", RMA).status_code == client.get("/desk/999999/correct/").status_code == 404
    client.get(f"/desk/{rma.pk}/correct/")
    assert snapshot(rma) == before


def test_correction_clears_a_refused_execution(cast, now):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    Did.objects.filter(pk=cast.did.pk).update(status="cancelled")
    execution.execute(ticket.pk, at=now)
    ticket.refresh_from_db()
    assert ticket.execution == "refused"
    corrected(ticket, cast.agent, now, dids=[cast.range.number])
    assert (ticket.execution, ticket.execution_verdict) == ("", None)
    agent_actions.reject(ticket.pk, "other", "Not this time.", actor=cast.agent, at=now)
