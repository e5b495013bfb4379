"""A policy value is tried on past requests before it is added: by administrators, and nothing of it stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from classound.models import Did
from policies.models import PolicyValue, Proposal
from tests.cast import make_pbx
from tests.tickets.acts import ask, carry_out
from tickets.models import Event, Ticket
from tickets.services import desk, rehearsal
from web.templatetags.careline import unbroken


@pytest.fixture
def asked_for(cast):
    """Two numbers moved for 50.00, one of them done by now; a number that is cancelled after its minimum term, and another subject."""
    now = timezone.now()
    make_pbx("PBX-OTHER", cast.bakery, cast.today)
    ask(cast.nora, "did_transfer", now - timedelta(days=100), accepted="50", dids=[cast.did.number], target_pbx="PBX-OTHER")
    move = ask(cast.nora, "did_transfer", now - timedelta(days=2), accepted="50", dids=[cast.range.number], target_pbx="PBX-OTHER")
    cancel = ask(cast.nora, "did_cancel", now - timedelta(days=1), dids=[cast.did.number], reason="The office has been closed.")
    ask(cast.nora, "general_question", now, topic="General", subject="Fair in Kiel", message="Are you at the fair in Kiel this summer?")
    return move, cancel


def typed(day, value="75", **more):
    return {"value": value, "valid_from": day.isoformat(), "note": "A new price list"} | more


def test_a_price_and_a_term_are_tried_and_what_changes_is_listed(cast, asked_for, client, today):
    move, cancel = asked_for
    before = list(Ticket.objects.order_by("pk").values()), Event.objects.count()
    client.force_login(cast.admin)
    tomorrow = timezone.now().date() + timedelta(days=1)
    page = client.post("/desk/policies/fee.did_transfer/rehearsal/", typed(tomorrow)).content.decode()
    assert "1 of 1 requests would have been judged otherwise" in page and "+25.00 EUR" in page
    assert unbroken(move.subject) in page and "50.00 EUR" in page and "75.00 EUR" in page and 'name="note" value="A new price list"' in page
    same = client.post("/desk/policies/fee.did_transfer/rehearsal/", typed(tomorrow, "50.00")).status_code
    assert same == 302, "what the form does not take is not tried"
    untouched = client.post("/desk/policies/fee.porting_date_change/rehearsal/", typed(tomorrow)).content.decode()
    assert "No request to try it on" in untouched and "0 of 0" not in untouched
    term = typed(tomorrow, value_0="600", value_1="month", basis="request")
    page = client.post("/desk/policies/did.minimum_term_months/rehearsal/", term).content.decode()
    assert f"/desk/{cancel.pk}/" in page and "Allowed" in page and "1 of 1 requests" in page
    after = list(Ticket.objects.order_by("pk").values()), Event.objects.count()
    assert after == before and not PolicyValue.objects.exists()


def test_what_becomes_of_requests_is_counted_and_drawn(cast, asked_for, client):
    now = timezone.now()
    ask(cast.nora, "did_cancel", now, dids=[cast.range.number], reason="The office has been closed.")
    client.force_login(cast.admin)
    days = [(now.date() - did.activated_on).days for did in (cast.did, cast.range)]
    between = f"{sum(days) // 2}"  # the one that is younger would have been refused
    row = typed(now.date() + timedelta(days=1), value_0=between, value_1="day", basis="request")
    page = client.post("/desk/policies/did.minimum_term_months/rehearsal/", row)
    assert [(part["words"], len(part["rows"]), part["tone"]) for part in page.context["groups"]] == [
        ("1 would have been refused", 1, "bad"),
        ("1 would have been judged as it was", 0, "same"),
    ]
    assert [(part["x"], part["width"]) for part in page.context["groups"]] == [(0, 480), (480, 480)]
    assert f"{between} days instead of 6 months" in page.content.decode() and "rehearsed-bar" in page.content.decode()
    page = client.post("/desk/policies/fee.did_transfer/rehearsal/", typed(now.date(), "75")).content.decode()
    assert "1 would have cost more" in page and "rehearsed-bar" not in page, "a picture of one part says nothing"
    assert "1 would have cost less" in client.post("/desk/policies/fee.did_transfer/rehearsal/", typed(now.date(), "5")).content.decode()


def test_what_was_carried_out_is_judged_as_it_was_before(cast, asked_for):
    move, cancel = asked_for
    for ticket in asked_for:
        carry_out(ticket, cast.agent, timezone.now())
    told = tried("did.minimum_term_months", "600 months", cast)
    assert [(change.ticket, change.before.outcome, change.after.outcome) for change in told.changes] == [(cancel, "allowed", "denied")]
    told = tried("fee.did_transfer", "75.00", cast)
    assert [change.ticket for change in told.changes] == [move] and told.money == {"EUR": 25}, "a fee is known by what was quoted"
    cast.did.refresh_from_db()
    assert cast.did.status == "cancelled", "only what was read was put back"


def test_what_was_withdrawn_is_listed_and_would_have_cost_no_more(cast, asked_for):
    move, _cancel = asked_for
    desk.withdraw(move.pk, actor=cast.nora, at=timezone.now())
    told = tried("fee.did_transfer", "75.00", cast)
    assert [change.ticket for change in told.changes] == [move] and not +told.money


def test_what_another_cause_has_overtaken_is_not_guessed_at(cast, asked_for):
    Did.objects.filter(pk=cast.did.pk).update(status="cancelled", cancelled_on=timezone.now().date())
    told = tried("did.minimum_term_months", "600 months", cast)
    assert (told.judged, told.unknown) == (0, 1)


def tried(code, value, cast):
    return rehearsal.rehearse(PolicyValue(code=code, value=value), cast.admin, at=timezone.now())


def test_many_are_tried_by_their_newest_and_only_by_administrators(cast, asked_for, client, monkeypatch):
    monkeypatch.setattr(rehearsal, "MOST", 1)
    row = PolicyValue(code="language.accepted", value=["de"])
    told = rehearsal.rehearse(row, cast.admin, at=timezone.now())
    assert told.is_cut and told.judged == 1 and [change.ticket.type_code for change in told.changes] == ["general_question"]
    path, body = "/desk/policies/fee.did_transfer/rehearsal/", typed(timezone.now().date())
    for person in (cast.agent, cast.nora):
        client.force_login(person)
        assert client.post(path, body).status_code == 404
    client.force_login(cast.admin)
    assert client.get(path).status_code == 405 and client.post(path.replace("did_transfer", "none"), body).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_one_value_is_tried_at_a_time_and_nobody_waits_for_ever(cast, asked_for, client, monkeypatch):
    day = timezone.now().date() + timedelta(days=1)
    client.force_login(cast.admin)
    address = "/desk/policies/fee.did_transfer/rehearsal/"
    proposal = Proposal.objects.create(code="fee.did_transfer", valid_from=day, value="75", note="Prices", proposed_by=cast.lead)
    with ThreadPoolExecutor(1) as other:
        other.submit(hold, begun := Signal(), ended := Signal())
        begun.wait(5)
        busy = client.post(address, typed(day))
        waits = client.get(f"/admin/policies/proposal/{proposal.pk}/").content.decode()
        ended.set()
    assert "Another value is being tried" in waits and 'name="approve"' in waits
    text = busy.content.decode()
    assert busy.status_code == 409 and "Another value is being tried" in text
    assert f'formaction="{address}"' in text and 'name="note" value="A new price list"' in text
    assert "1 of 1 requests" in client.post(address, typed(day)).content.decode()
    monkeypatch.setattr(rehearsal, "PATIENCE", -1)
    ask(cast.nora, "did_cancel", timezone.now(), dids=[cast.range.number], reason="The office has been closed.")
    told = tried("did.minimum_term_months", "600 months", cast)
    assert (told.judged, told.is_cut) == (1, True)


def hold(begun, ended):
    """Be another trial, from its beginning to its end."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [rehearsal.TURN])
            begun.set()
            ended.wait(5)
    finally:
        connection.close()
