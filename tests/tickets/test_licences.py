"""Licences, Commitments, x-bees and the end of a PBX: what is changed and charged, once."""

import datetime
from decimal import Decimal

import pytest

from billing.models import LedgerEntry
from desk.pages.ticket_data import Correction, opened
from hwaas.models import Rma
from pbx.models import Commitment, Licence, Pbx
from policies.verdict import DENIED, DENY
from tests.cast import make_commitment
from tests.desk.corrections import corrected
from tests.tickets.actions import applied, ask, bound_form, carry_out
from tickets.services import correcting, execution, submission
from tickets.services.execution import NotExecutable
from tickets.types import TYPES


@pytest.fixture
def licences(cast):
    Licence.objects.create(pbx=cast.pbx, licence_type="business", quantity=20, monthly_price="10.00")
    Pbx.objects.filter(pk=cast.pbx.pk).update(term="1y", wms_version="6.01.20240101.1", expires_on=datetime.date(2027, 5, 18))


def quantity(cast, licence_type):
    return Licence.objects.get(pbx=cast.pbx, licence_type=licence_type).quantity


def test_added_licences_are_charged_until_expiry(cast, now, licences):
    changes = [{"licence_type": "business", "quantity": "22"}, {"licence_type": "premium", "quantity": "1"}]
    ticket = ask(cast.nora, "licence_change", now, accepted="186", pbx="PBX-FREE", changes=changes)
    carry_out(ticket, cast.agent, now)
    execution.execute(ticket.pk, at=now)
    entries = LedgerEntry.objects.filter(source=ticket.source).order_by("fee").values_list("fee", "amount")
    assert list(entries) == [("price.licence:business", Decimal("120.00")), ("price.licence:premium", Decimal("66.00"))]
    assert (quantity(cast, "business"), quantity(cast, "premium")) == (22, 1)


def test_increase_requested_twice_is_charged_once(cast, now, licences):
    more = {"pbx": "PBX-FREE", "changes": [{"licence_type": "business", "quantity": "22"}]}
    first, second = (ask(cast.nora, "licence_change", now, accepted="120", **more) for _ in range(2))
    teams = [ask(cast.nora, "teams_licence_change", now, accepted="60", pbx="PBX-FREE", quantity="5") for _ in range(2)]
    execution.request_execution(second.pk, actor=cast.agent, at=now)
    for ticket in (first, teams[0]):
        carry_out(ticket, cast.agent, now)
    execution.execute(second.pk, at=now)
    second.refresh_from_db()
    assert (second.execution, second.status) == ("refused", "open") and "Submit a new request" in second.events.get(kind="refused").body
    with pytest.raises(NotExecutable):
        execution.request_execution(teams[1].pk, actor=cast.agent, at=now)
    assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == Decimal(180)
    assert (quantity(cast, "business"), quantity(cast, "teams")) == (22, 5)


def test_quantity_correction_reports_the_price_not_a_changed_pbx(cast, now, licences):
    ticket = ask(cast.nora, "teams_licence_change", now, accepted="60", pbx="PBX-FREE", quantity="5")
    with pytest.raises(correcting.Refused) as refused:
        corrected(ticket, cast.agent, now, quantity="6")
    assert (refused.value.is_other_price, refused.value.verdict.outcome) == (True, "allowed")
    shown = opened(ticket, Correction(refused.value.form, refused=refused.value), now=now)["refused"]["prices"]
    assert [(row["label"][0], row["then"], row["now"]) for row in shown] == [("5", "60.00 EUR", ""), ("6", "", "72.00 EUR")]


def test_unpriced_licences_are_not_added(cast, now, licences):
    ticket = ask(cast.nora, "licence_change", now, pbx="PBX-FREE", changes=[{"licence_type": "business", "quantity": "15"}])
    Licence.objects.filter(pbx=cast.pbx).update(quantity=5)
    with pytest.raises(NotExecutable):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert quantity(cast, "business") == 5 and not LedgerEntry.objects.exists()


def test_accepted_price_still_applies_a_day_later(cast, now, licences):
    ticket = ask(cast.nora, "licence_change", now, accepted="120", pbx="PBX-FREE", changes=[{"licence_type": "business", "quantity": "22"}])
    carry_out(ticket, cast.agent, now + datetime.timedelta(days=1))
    assert LedgerEntry.objects.get().amount == Decimal(120)


def test_licences_are_not_removed_after_a_new_commitment(cast, now, licences):
    ticket = ask(cast.nora, "licence_change", now, pbx="PBX-FREE", changes=[{"licence_type": "business", "quantity": "5"}])
    make_commitment(cast.pbx, cast.today, 3)
    with pytest.raises(NotExecutable):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert quantity(cast, "business") == 20


def test_request_made_in_time_is_not_executed_during_renewals(cast, licences):
    at = datetime.datetime(2026, 11, 30, 21, 59, tzinfo=datetime.UTC)
    ticket = ask(cast.nora, "licence_change", at, pbx="PBX-FREE", changes=[{"licence_type": "business", "quantity": "5"}])
    with pytest.raises(NotExecutable) as refused:
        execution.request_execution(ticket.pk, actor=cast.agent, at=at + datetime.timedelta(minutes=1))
    assert [f.rule for f in refused.value.verdict.blocking] == ["LIC-3"]
    carry_out(ticket, cast.agent, at + datetime.timedelta(hours=2, minutes=1))
    assert quantity(cast, "business") == 5


def test_request_during_renewals_creates_no_ticket(cast, licences):
    at = datetime.datetime(2026, 11, 30, 23, 59, tzinfo=datetime.UTC)
    with pytest.raises(submission.Denied):
        ask(cast.nora, "licence_change", at, pbx="PBX-FREE", changes=[{"licence_type": "business", "quantity": "5"}])


def test_teams_licences_are_added_at_their_price(cast, now, licences):
    ticket = ask(cast.nora, "teams_licence_change", now, accepted="60", pbx="PBX-FREE", quantity="5")
    carry_out(ticket, cast.agent, now)
    assert quantity(cast, "teams") == 5


def test_commitment_begins_on_the_day_of_execution(cast, now):
    ticket = ask(cast.nora, "commitment_request", now, pbx="PBX-FREE", years="3")
    carry_out(ticket, cast.agent, now)
    execution.execute(ticket.pk, at=now)
    begun = Commitment.objects.get(pbx=cast.pbx)
    assert (begun.starts_on, begun.ends_on) == (cast.today, datetime.date(2029, 11, 18))


def test_longer_commitment_on_the_same_day_replaces_a_shorter_one(cast, now):
    for years, override in (("3", ""), ("5", "They meant five years."), ("3", "Back to three.")):
        ticket = ask(cast.lead, "commitment_request", now, partner=cast.nord, pbx="PBX-FREE", years=years, override=override)
        carry_out(ticket, cast.lead, now)
    begun = Commitment.objects.get(pbx=cast.pbx)
    assert (begun.years, begun.ends_on) == (5, datetime.date(2031, 11, 18))
    assert applied(ticket).endswith("runs until 18 November 2031.")


def test_pbx_switches_to_xbees_with_a_commitment(cast, now):
    Pbx.objects.filter(pk=cast.pbx.pk).update(term="5y")
    ticket = ask(cast.nora, "xbees_switch", now, pbx="PBX-FREE", target_term="1y", acknowledge_final="on")
    carry_out(ticket, cast.agent, now)
    pbx = Pbx.objects.get(pk=cast.pbx.pk)
    assert (pbx.product, pbx.term, pbx.commitments.get().years) == ("xbees", "1y", 3)
    assert applied(ticket).endswith("Its Commitment runs until 18 November 2029.")


def test_existing_commitment_continues_after_the_xbees_switch(cast, now):
    Pbx.objects.filter(pk=cast.committed.pk).update(term="5y")
    ticket = ask(cast.nora, "xbees_switch", now, pbx="PBX-COMMITTED", target_term="1y", acknowledge_final="on")
    carry_out(ticket, cast.agent, now)
    assert (cast.committed.commitments.get(), "Commitment" in applied(ticket)) == (cast.commitment, False)


def test_terminating_a_pbx_ends_everything_on_it(cast, now, licences):
    cast.young.delete()
    cast.porting.delete()
    other = Licence.objects.create(pbx=cast.pub_pbx, licence_type="basic", quantity=3, monthly_price=1)
    Rma.objects.create(device=cast.pub_phone, source="other", kind="doa", state="received")
    ticket = ask(cast.nora, "pbx_terminate", now, pbx="PBX-FREE")
    carry_out(ticket, cast.agent, now)
    assert Pbx.objects.get(pk=cast.pbx.pk).terminated_on == cast.today
    assert {did.status for did in cast.pbx.dids.all()} == {"cancelled"}
    assert (quantity(cast, "business"), Licence.objects.get(pk=other.pk).quantity) == (0, 3)
    cast.service.refresh_from_db()
    cast.phone.refresh_from_db()
    assert (cast.service.state, cast.phone.state) == ("returned", "in_use")
    told = "Pbx-Free has been terminated, with 2 numbers and 1 HWaaS device. The device must be returned:"
    assert applied(ticket) == f"{told} please reply here with the address where it is."
    form = TYPES["pbx_terminate"].form({"pbx": "PBX-FREE"}, partner=cast.nord)
    assert not form.is_valid()


def test_recent_numbers_prevent_termination_of_the_pbx(cast, now):
    form = bound_form("pbx_terminate", cast.nord, pbx="PBX-FREE")
    verdict = submission.judge(TYPES["pbx_terminate"], form.answers(at=now), today=cast.today)
    assert verdict.outcome == DENIED
    assert {f.subject for f in verdict.findings if f.rule == "DID-1" and f.effect == DENY} == {cast.young.number, cast.porting.number}
