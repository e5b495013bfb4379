"""At execution the same rules judge again: what has become impossible is shown, not executed; a lead may set it aside."""

import datetime

import pytest
import time_machine

from billing.models import LedgerEntry
from classound.models import Did
from pbx.models import Pbx
from pbx.rules import discount
from policies.models import PolicyValue
from policies.services import add_value
from tests.cast import make_commitment, make_pbx
from tests.markup import flat
from tests.tickets.actions import ask, carry_out, set_policy
from tickets import tasks
from tickets.services import agent_actions, execution
from tickets.services.lifecycle import NotNow
from tickets.services.submission import Denied, PriceNotAccepted
from tickets.types import kind_of


@pytest.fixture
def ticket(cast, now):
    return ask(cast.nora, "did_cancel", now, dids=[cast.did.number, cast.range.number])


def statuses():
    return sorted(Did.objects.filter(number__startswith="+4989810004").values_list("number", "status"))


def test_commitment_made_before_the_execution_request_blocks_it(cast, now, ticket):
    before = statuses()
    make_commitment(cast.pbx, now.date(), 3)
    with pytest.raises(execution.NotExecutable) as refused:
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert {f.rule for f in refused.value.verdict.blocking} == {"DID-2"}
    assert statuses() == before


def test_commitment_made_after_the_execution_request_stops_the_worker(cast, now, ticket):
    execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    make_commitment(cast.pbx, now.date(), 3)
    execution.execute(ticket.pk, at=now)
    ticket.refresh_from_db()
    assert (ticket.execution, ticket.status, ticket.execution_verdict["outcome"]) == ("refused", "open", "denied")
    assert "Commitment" in ticket.events.get(kind="refused").body
    assert {status for _number, status in statuses()} == {"active", "ordered"}


def test_number_moved_to_another_partner_stops_execution(cast, now, ticket):
    execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    Did.objects.filter(pk=cast.did.pk).update(pbx=Pbx.objects.get(serial="PBX-WINERY"))
    execution.execute(ticket.pk, at=now)
    ticket.refresh_from_db()
    assert ticket.execution == "refused"
    assert not Did.objects.filter(status="cancelled").exists()
    with pytest.raises(execution.NotExecutable) as refused:
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert any(cast.did.number in reason for reason in refused.value.reasons)


def test_only_a_lead_can_override_with_a_reason(cast, now, ticket):
    make_commitment(cast.pbx, now.date(), 3)
    with pytest.raises(PermissionError):
        agent_actions.override(ticket.pk, "DID-2", "Agreed with the partner.", actor=cast.agent, at=now)
    with pytest.raises(execution.NotExecutable):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    agent_actions.override(ticket.pk, "DID-2", "Agreed with the partner.", actor=cast.lead, at=now)
    carry_out(ticket, cast.agent, now)
    assert ticket.outcome == "executed"
    assert {f["overridden"] for f in ticket.execution_verdict["findings"]} == {"Lea Lead: Agreed with the partner."}


def test_only_a_current_finding_can_be_overridden_and_only_once(cast, now, ticket):
    with pytest.raises(NotNow):
        agent_actions.override(ticket.pk, "DID-2", "Just in case.", actor=cast.lead, at=now)
    make_commitment(cast.pbx, now.date(), 3)
    agent_actions.override(ticket.pk, "DID-2", "Agreed.", actor=cast.lead, at=now)
    with pytest.raises(NotNow):
        agent_actions.override(ticket.pk, "DID-2", "Agreed twice.", actor=cast.lead, at=now)


def test_request_is_judged_by_the_policies_of_its_own_day(cast, now):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    later = now + datetime.timedelta(days=2)
    set_policy("did.minimum_term_months", "10 years", later.date(), cast.admin)
    carry_out(ticket, cast.agent, later)
    assert ticket.outcome == "executed"


def set_an_hour_later(code, value, cast, now):
    """Set, as administrator, another value for the day of the request, which was sent an hour ago; return a later moment."""
    later = now + datetime.timedelta(hours=1)
    with time_machine.travel(later):
        add_value(code, now.date(), value, "A mistake is mended.", cast.admin, now.date())
    return later + datetime.timedelta(hours=1)


def test_term_set_later_the_same_day_does_not_bind_the_request(cast, now):
    """What the partner was told this morning stays true this afternoon, and a request made in the afternoon reads the new value."""
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    later = set_an_hour_later("did.minimum_term_months", "10 years", cast, now)
    with pytest.raises(Denied):
        ask(cast.nora, "did_cancel", later, dids=[cast.range.number])
    carry_out(ticket, cast.agent, later)
    assert (ticket.outcome, ticket.execution_verdict) == ("executed", ticket.verdict)


def test_fee_set_later_the_same_day_applies_to_later_requests_only(cast, now):
    target = make_pbx("PBX-TWO", cast.bakery, cast.today)
    ticket = ask(cast.nora, "did_transfer", now, dids=[cast.did.number], target_pbx=target.serial, accepted="50.00")
    later = set_an_hour_later("fee.did_transfer", "80", cast, now)
    with pytest.raises(PriceNotAccepted):
        ask(cast.nora, "did_transfer", later, dids=[cast.range.number], target_pbx=target.serial, accepted="50.00")
    kept = carry_out(ticket, cast.agent, later).execution_verdict
    assert [(f["message"], f["policy"]) for f in kept["findings"]] == [("Number transfer: 50.00 EUR.", {"fee.did_transfer": "50.00"})]
    assert list(LedgerEntry.objects.values_list("amount", flat=True)) == [50]


def test_fee_set_while_files_are_uploading_does_not_bind_the_request(cast, now):
    target = make_pbx("PBX-TWO", cast.bakery, cast.today)
    later = set_an_hour_later("fee.did_transfer", "80", cast, now)
    ticket = ask(cast.nora, "did_transfer", now, dids=[cast.did.number], target_pbx=target.serial, accepted="50.00")
    assert carry_out(ticket, cast.agent, later).execution_verdict == ticket.verdict


def test_licence_price_set_the_same_day_is_no_change_of_the_licences(cast, now):
    """LIC-4 (0176): nobody has changed the licences, so the accepted request is executed at its price."""
    wish = {"pbx": cast.pbx.serial, "changes": [{"licence_type": "business", "quantity": "3"}]}
    ticket = ask(cast.nora, "licence_change", now, accepted="24.00", **wish)
    dearer = [[one, "99.00"] for one in ("basic", "essential", "business", "premium", "teams", "wizywebinar")]
    carry_out(ticket, cast.agent, set_an_hour_later("licence.monthly_prices", dearer, cast, now))
    assert (ticket.outcome, list(LedgerEntry.objects.values_list("amount", flat=True))) == ("executed", [24])


def test_commitment_keeps_the_discount_of_the_day_it_was_requested(cast, now):
    ticket = ask(cast.nora, "commitment_request", now, pbx=cast.pbx.serial, years=3)
    later = now + datetime.timedelta(days=2)
    set_policy("commitment.discount", [["3", "10"], ["5", "20"]], later.date(), cast.admin)
    carry_out(ticket, cast.agent, later)
    commitment = cast.pbx.commitments.get()
    assert (commitment.starts_on, discount(cast.pbx, book=PolicyValue.objects.book(on=later.date()), today=later.date())) == (
        now.date(),
        15,
    )


def test_execution_that_keeps_failing_returns_to_the_agents(cast, now, ticket, monkeypatch):
    def full(*args, **kwargs):
        raise RuntimeError("disk")

    execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    with monkeypatch.context() as broken:
        broken.setattr(type(kind_of(ticket)), "apply", full)
        for _ in range(execution.ATTEMPTS):
            tasks.execute(ticket.pk)
    ticket.refresh_from_db()
    assert ticket.execution == "failed"
    assert "disk" not in ticket.events.get(kind="failed").body
    carry_out(ticket, cast.agent, now)
    assert (ticket.outcome, LedgerEntry.objects.count()) == ("executed", 0)


def test_price_shown_to_the_agent_is_the_price_posted(cast, now, client):
    """GEN-3: an item has another price today and the partner another currency; the quoted price applies."""
    lost = ask(cast.nora, "hwaas_lost", now, serial=cast.service.serial, circumstances="It was left on a train.", accepted="129.00")
    cast.item.capex_price = "140.00"
    cast.item.save()
    cast.nord.currency = "GBP"
    cast.nord.save()
    client.force_login(cast.agent)
    page = flat(client.get(f"/desk/{lost.pk}/"))
    assert "129.00 EUR, paid by Nord Telecom" in page
    assert "140.00" not in page
    kept = carry_out(lost, cast.agent, now).execution_verdict
    assert [(c["amount"], c["currency"]) for c in kept["charges"]] == [("129.00", "EUR")]
    assert [f["message"].rpartition(": ")[2] for f in kept["findings"] if f["effect"] == "charge"] == ["129.00 EUR."]
    assert list(LedgerEntry.objects.values_list("amount", "currency")) == [(129, "EUR")]
    assert "140.00" not in flat(client.get(f"/desk/{lost.pk}/"))
