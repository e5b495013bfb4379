"""Administrators try a policy value on past requests before adding it, and the requests stay unchanged."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections, transaction
from django.utils import timezone

from classound.models import Did
from desk import tasks
from desk.models import Rehearsal
from desk.services import rehearsal
from policies.models import PolicyValue, Proposal
from tests.cast import make_did, make_pbx
from tests.tickets.actions import ask, carry_out
from tickets.models import Event, Ticket
from tickets.services import agent_actions
from web.templatetags.careline import unbroken


@pytest.fixture
def past_requests(cast):
    """Two numbers moved for 50.00, one of them completed; a number cancelled after its minimum term, and another subject."""
    now = timezone.now()
    make_pbx("PBX-OTHER", cast.bakery, cast.today)
    ask(cast.nora, "did_transfer", now - timedelta(days=100), accepted="50", dids=[cast.did.number], target_pbx="PBX-OTHER")
    move = ask(cast.nora, "did_transfer", now - timedelta(days=2), accepted="50", dids=[cast.range.number], target_pbx="PBX-OTHER")
    cancel = ask(cast.nora, "did_cancel", now - timedelta(days=1), dids=[cast.did.number], reason="The office has been closed.")
    ask(cast.nora, "general_question", now, topic="General", subject="Fair in Kiel", message="Are you at the fair in Kiel this summer?")
    return move, cancel


def typed(day, value="75", **more):
    return {"value": value, "valid_from": day.isoformat(), "note": "A new price list"} | more


def rehearsed(code, value, cast, **more):
    told = rehearsal.start(PolicyValue(code=code, value=value, valid_from=timezone.now().date(), **more), cast.admin, at=timezone.now())
    return finished(told)


def finished(told):
    while rehearsal.work(told.pk, at=timezone.now()):
        pass
    told.refresh_from_db()
    return told


def rehearsal_page(client, code, row):
    """Return the page of a rehearsal requested by the form of a value, once the worker has finished."""
    sent = client.post(f"/desk/policies/{code}/rehearsal/", row)
    finished(Rehearsal.objects.latest("pk"))
    return client.get(sent.url)


def effects(told):
    return [(change.ticket, change.effect) for change in told.changes.order_by("-ticket")]


def test_rehearsal_lists_changed_requests(cast, past_requests, client, today):
    move, cancel = past_requests
    before = list(Ticket.objects.order_by("pk").values()), Event.objects.count()
    client.force_login(cast.admin)
    tomorrow = timezone.now().date() + timedelta(days=1)
    page = rehearsal_page(client, "fee.did_transfer", typed(tomorrow)).content.decode()
    assert "1 of 1 requests would have had a different result" in page and "+25.00 EUR" in page
    assert unbroken(move.subject) in page and "50.00 EUR" in page and "75.00 EUR" in page and 'name="note" value="A new price list"' in page
    file = client.get(f"/desk/rehearsals/{Rehearsal.objects.latest('pk').pk}/requests.csv").getvalue().decode()
    assert f"{move.pk}," in file and "more expensive" in file and "75.00 EUR" in file
    same = client.post("/desk/policies/fee.did_transfer/rehearsal/", typed(tomorrow, "50.00"))
    assert same.url == "/admin/policies/policyvalue/fee.did_transfer/new/", "what the form does not take is not tried"
    untouched = rehearsal_page(client, "fee.porting_date_change", typed(tomorrow)).content.decode()
    assert "No requests to test" in untouched and "0 of 0" not in untouched
    term = typed(tomorrow, value_0="600", value_1="month", basis="request")
    page = rehearsal_page(client, "did.minimum_term_months", term).content.decode()
    assert f"/desk/{cancel.pk}/" in page and "Allowed" in page and "1 of 1 requests" in page
    after = list(Ticket.objects.order_by("pk").values()), Event.objects.count()
    assert after == before and not PolicyValue.objects.exists()


def test_rehearsal_counts_and_charts_outcomes(cast, past_requests, client):
    now = timezone.now()
    ask(cast.nora, "did_cancel", now, dids=[cast.range.number], reason="The office has been closed.")
    client.force_login(cast.admin)
    days = [(now.date() - did.activated_on).days for did in (cast.did, cast.range)]
    between = f"{sum(days) // 2}"  # the younger one would have been refused
    row = typed(now.date() + timedelta(days=1), value_0=between, value_1="day", basis="request")
    page = rehearsal_page(client, "did.minimum_term_months", row)
    assert [(part["words"], len(part["rows"]), part["tone"]) for part in page.context["groups"]] == [
        ("1 would have been refused", 1, "bad"),
        ("1 would have had the same result", 0, "same"),
    ]
    assert [(part["x"], part["width"]) for part in page.context["groups"]] == [(0, 480), (480, 480)]
    assert f"{between} days instead of 6 months" in page.content.decode() and "rehearsed-bar" in page.content.decode()
    page = rehearsal_page(client, "fee.did_transfer", typed(now.date(), "75")).content.decode()
    assert "1 would have cost more" in page and "rehearsed-bar" not in page, "a picture of one part says nothing"
    assert "1 would have cost less" in rehearsal_page(client, "fee.did_transfer", typed(now.date(), "5")).content.decode()


def test_overridden_request_would_have_been_possible_on_another_day(cast):
    now = timezone.now()
    young = make_did("+498981000777", cast.pbx, activated_on=now.date() - timedelta(days=60))
    ask(cast.lead, "did_cancel", now, partner=cast.nord, override="Agreed.", dids=[young.number], reason="The office has been closed.")
    for months, effect in (("7 months", "later"), ("5 months", "sooner")):
        found = {ticket.subject: effect for ticket, effect in effects(rehearsed("did.minimum_term_months", months, cast))}
        assert found["Cancel +49 89 81000777"] == effect


def test_executed_requests_are_judged_as_before_execution(cast, past_requests):
    move, cancel = past_requests
    for ticket in past_requests:
        carry_out(ticket, cast.agent, timezone.now())
    told = rehearsed("did.minimum_term_months", "600 months", cast)
    assert [(c.ticket, c.before["outcome"], c.after["outcome"]) for c in told.changes.all()] == [(cancel, "allowed", "denied")]
    told = rehearsed("fee.did_transfer", "75.00", cast)
    assert effects(told) == [(move, "dearer")]
    assert {currency: Decimal(amount) for currency, amount in told.money.items()} == {"EUR": 25}, "a fee is known by what was quoted"
    cast.did.refresh_from_db()
    assert cast.did.status == "cancelled", "only what was read was put back"


PURPOSE = "The doctors on duty are called from the reception."
ADDRESS = {"user_name": "Reception", "street": "Kai 1", "postcode": "24103", "city": "Kiel", "country": "DE"}
IN_STEPS = {
    "hwaas_return": lambda c: {"serials": [c.service.serial], "pickup_address": "Kai 1, Kiel", "message": PURPOSE},
    "special_number_access": lambda c: {"pbx": c.pbx.serial, "numbers": ["116117"], "purpose": PURPOSE},
    "emergency_activation": lambda c: {
        "locations": [{"did": make_did("+39049123450", c.pbx, country="IT").number} | ADDRESS],
        "message": PURPOSE,
    },
    "porting_date_change": lambda c: {
        "did": c.porting.number,
        "requested_date": (c.porting.porting_date + timedelta(days=10)).isoformat(),
        "acknowledge_not_guaranteed": "on",
        "message": PURPOSE,
        "accepted": "50",
    },
}


@pytest.mark.parametrize("code", IN_STEPS)
def test_request_in_progress_is_judged_as_before_execution(cast, now, that_day, code):
    ticket = carry_out(ask(cast.nora, code, now, **IN_STEPS[code](cast)), cast.agent, now)
    assert not ticket.is_over
    assert effects(rehearsed("language.accepted", ["de"], cast)) == [(ticket, "refused")]


def test_withdrawn_request_is_listed_without_extra_cost(cast, past_requests):
    move, _cancel = past_requests
    agent_actions.withdraw(move.pk, actor=cast.nora, at=timezone.now())
    told = rehearsed("fee.did_transfer", "75.00", cast)
    assert effects(told) == [(move, "dearer")] and not told.money


def test_requests_changed_by_other_causes_count_as_unknown(cast, past_requests):
    Did.objects.filter(pk=cast.did.pk).update(status="cancelled", cancelled_on=timezone.now().date())
    told = rehearsed("did.minimum_term_months", "600 months", cast)
    assert (told.judged, told.unknown) == (0, 1)


def test_requests_are_judged_in_batches_newest_first_until_stopped(cast, past_requests, client, monkeypatch):
    monkeypatch.setattr(rehearsal, "SLICE", 1)
    now, row = timezone.now(), PolicyValue(code="language.accepted", value=["de"], valid_from=timezone.now().date())
    told = rehearsal.start(row, cast.admin, at=now)
    assert rehearsal.start(row, cast.admin, at=now) == told, "asked for twice it is one"
    client.force_login(cast.admin)
    address = f"/desk/rehearsals/{told.pk}/"
    assert "Counting the requests" in client.get(address).content.decode()
    assert rehearsal.work(told.pk, at=now)
    part = client.get(f"{address}progress/").content.decode()
    assert "1 of 3 requests checked" in part and "progress/" in part and "have been checked." not in part
    assert "1 of these would have had a different result" in part and "1 would have been refused" in part and "<table" not in part
    assert [change.ticket.type_code for change in told.changes.all()] == ["general_question"]
    client.post(f"{address}stop/")
    assert not rehearsal.work(told.pk, at=now), "enough is enough"
    page = client.get(address).content.decode()
    assert "All requests have been checked." in client.get(f"{address}progress/").content.decode(), "for ears"
    assert "1 of 1 requests" in page and "2 older requests were not checked" in page
    whole = finished(rehearsal.start(row, cast.admin, at=now))
    assert (whole.judged, whole.total, len(effects(whole))) == (3, 3, 2)


def test_value_page_lists_rehearsals_and_prevents_adding_twice(cast, past_requests, client):
    client.force_login(cast.admin)
    day = timezone.now().date() + timedelta(days=1)
    assert 'name="confirm"' in rehearsal_page(client, "fee.did_transfer", typed(day)).content.decode()
    timeline = client.get("/admin/policies/policyvalue/fee.did_transfer/").content.decode()
    told = Rehearsal.objects.get()
    assert "1 of 1 requests would have had a different result" in timeline and f"/desk/rehearsals/{told.pk}/" in timeline
    assert "/desk/rehearsals/" not in client.get("/admin/policies/policyvalue/fee.porting_date_change/").content.decode()
    client.post("/admin/policies/policyvalue/fee.did_transfer/new/", typed(day, confirm="1"))
    page = client.get(f"/desk/rehearsals/{told.pk}/").content.decode()
    assert "75.00 instead of 50.00" in page and 'name="confirm"' not in page


def test_only_administrators_can_rehearse(cast, past_requests, client):
    told = rehearsed("fee.did_transfer", "75.00", cast)
    path, body = "/desk/policies/fee.did_transfer/rehearsal/", typed(timezone.now().date())
    for person in (cast.agent, cast.nora):
        client.force_login(person)
        assert client.post(path, body).status_code == 404
        assert client.post(f"/desk/rehearsals/{told.pk}/stop/").status_code == 404
        for part in ("", "progress/", "requests.csv"):
            assert client.get(f"/desk/rehearsals/{told.pk}/{part}").status_code == 404
    client.force_login(cast.admin)
    assert client.get(path).status_code == 405 and client.post(path.replace("did_transfer", "none"), body).status_code == 404


def test_approver_sees_or_starts_the_rehearsal(cast, past_requests, client):
    now = timezone.now()
    proposal = Proposal.objects.create(
        code="fee.did_transfer", valid_from=now.date() + timedelta(days=1), value="75", note="Prices", proposed_by=cast.lead
    )
    client.force_login(cast.admin)
    address = f"/admin/policies/proposal/{proposal.pk}/"
    page = client.get(address).content.decode()
    assert "It has not been tried yet." in page and not Rehearsal.objects.exists()
    sent = client.post(address, {"try": "1"})
    assert "being judged" in client.get(address).content.decode()
    finished(Rehearsal.objects.get())
    page = client.get(address).content.decode()
    assert "1 of 1 requests" in page and "+25.00 EUR" in page and sent.url in page and 'name="approve"' in page


@pytest.mark.django_db(transaction=True)
def test_killed_worker_judges_no_request_twice(cast, past_requests, monkeypatch, settings):
    monkeypatch.setattr(rehearsal, "SLICE", 1)
    row = PolicyValue(code="language.accepted", value=["de"], valid_from=timezone.now().date())
    begun = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS + 1)
    told = rehearsal.start(row, cast.admin, at=timezone.now())
    assert rehearsal.work(told.pk, at=begun)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        rehearsal.work(told.pk, at=timezone.now())
        raise KeyboardInterrupt
    connections.close_all()
    assert rehearsal.stalled(before=timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS)) == [told.pk]
    tasks.rehearse(told.pk)
    told.refresh_from_db()
    assert (told.judged, told.changes.count(), told.finished_at is not None) == (3, 2, True)
