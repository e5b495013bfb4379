"""If the expiry of a PBX is unknown, the price of more licences is quoted and accepted before they are added (LIC-4)."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.models import LedgerEntry
from pbx.models import Licence, Pbx
from policies.verdict import NEEDS_REVIEW
from tests.tickets.actions import ask, carry_out, open_codes, take
from tickets.models import Quote
from tickets.services import agent_actions, execution
from tickets.services.execution import NotExecutable
from web.templatetags.careline import unbroken

HOW = "as long as its server runs"


@pytest.fixture
def ticket(cast, now):
    Licence.objects.create(pbx=cast.pbx, licence_type="business", quantity=20, monthly_price="10.00")
    Pbx.objects.filter(pk=cast.pbx.pk).update(term="lifetime", expires_on=None)
    asked = ask(cast.nora, "licence_change", now, pbx="PBX-FREE", changes=[{"licence_type": "business", "quantity": "22"}])
    assert asked.verdict["outcome"] == NEEDS_REVIEW
    return asked


def entries(ticket):
    return list(LedgerEntry.objects.filter(source=ticket.source).values_list("fee", "amount"))


def quantity(cast):
    return Licence.objects.get(pbx=cast.pbx, licence_type="business").quantity


def test_licences_are_added_at_the_quoted_and_accepted_price(cast, now, ticket, client):
    with pytest.raises(NotExecutable, match="quote the price"):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert (open_codes(ticket, cast.nora), open_codes(ticket, cast.agent)) == ([], ["quote_price"])
    take(ticket, "quote_price", cast.agent, now, price="75.5", worked_out=HOW)
    assert (ticket.status, ticket.waiting_for, open_codes(ticket, cast.nora)) == ("pending", "partner", ["accept_price"])
    with pytest.raises(NotExecutable):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    client.force_login(cast.nora)
    page = client.get(reverse("portal:request", args=[ticket.pk])).content.decode()
    assert all(words in page for words in ("I accept 75.50 EUR", "Price quoted", f"{unbroken('2 × Business costs 75.50 EUR')} ({HOW})"))
    client.post(reverse("portal:step", args=[ticket.pk, "accept_price"]), {"answer": "75.50"})
    assert (open_codes(ticket, cast.agent), ticket.status, entries(ticket), quantity(cast)) == ([], "open", [], 20)
    carry_out(ticket, cast.agent, now)
    assert (ticket.outcome, quantity(cast)) == ("executed", 22)
    assert entries(ticket) == [("price.licences_quoted", Decimal("75.50"))]
    assert [f["message"] for f in ticket.execution_verdict["findings"]] == ["2 × Business on Pbx-Free, as quoted: 75.50 EUR."]


def test_page_with_an_outdated_price_says_a_new_one_was_quoted(cast, now, ticket, client):
    for price in ("100", "120"):
        take(ticket, "quote_price", cast.agent, now, price=price, worked_out=HOW)
    client.force_login(cast.nora)
    page = client.post(reverse("portal:step", args=[ticket.pk, "accept_price"]), {"answer": "100.00"})
    assert page.status_code == 400 and "There is a new quote." in page.text and "I accept 120.00 EUR" in page.text
    assert not Quote.objects.get().is_accepted


def test_declined_price_is_requoted_and_an_outdated_page_accepts_nothing(cast, now, ticket):
    take(ticket, "quote_price", cast.agent, now, price="300", worked_out=HOW)
    take(ticket, "accept_price", cast.nora, now, answer="declined")
    assert (ticket.status, open_codes(ticket, cast.agent), Quote.objects.exists()) == ("open", ["quote_price"], False)
    take(ticket, "quote_price", cast.agent, now, price="40", worked_out=HOW)
    (older,) = execution.open_steps(ticket, user=cast.nora)
    form = older.form({"answer": "40.00"})
    assert form.is_valid()
    take(ticket, "quote_price", cast.agent, now, price="45", worked_out=HOW)
    with pytest.raises(ValidationError, match="new quote"):
        execution.take_step(ticket.pk, "accept_price", form, actor=cast.nora, at=now)
    assert not ticket.charges.exists()


def test_free_licences_need_no_acceptance(cast, now, ticket):
    take(ticket, "quote_price", cast.agent, now, price="0", worked_out="they replace those that broke")
    assert (open_codes(ticket, cast.agent), ticket.waiting_for) == ([], "")
    carry_out(ticket, cast.agent, now)
    assert (ticket.outcome, entries(ticket), quantity(cast)) == ("executed", [], 22)


def test_free_licences_are_requoted_when_the_number_changes(cast, now, ticket):
    take(ticket, "quote_price", cast.agent, now, price="0", worked_out=HOW)
    Licence.objects.filter(pbx=cast.pbx, licence_type="business").update(quantity=15)
    with pytest.raises(NotExecutable):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    take(ticket, "quote_price", cast.agent, now, price="80", worked_out=HOW)
    take(ticket, "accept_price", cast.nora, now, answer="80.00")
    carry_out(ticket, cast.agent, now)
    assert entries(ticket) == [("price.licences_quoted", Decimal("80.00"))]


def test_nothing_is_quoted_that_is_there_already(cast, now, ticket):
    Licence.objects.filter(pbx=cast.pbx, licence_type="business").update(quantity=22)
    with pytest.raises(ValidationError, match="no longer adds any licences"):
        take(ticket, "quote_price", cast.agent, now, price="40", worked_out=HOW)
    assert not Quote.objects.exists()


def test_price_for_a_different_number_is_not_accepted(cast, now, ticket):
    take(ticket, "quote_price", cast.agent, now, price="40", worked_out=HOW)
    Licence.objects.filter(pbx=cast.pbx, licence_type="business").update(quantity=21)
    take(ticket, "accept_price", cast.nora, now, answer="40.00")
    assert (open_codes(ticket, cast.agent), ticket.charges.exists()) == (["quote_price"], False)
    take(ticket, "quote_price", cast.agent, now, price="20", worked_out=HOW)
    take(ticket, "accept_price", cast.nora, now, answer="20.00")
    Licence.objects.filter(pbx=cast.pbx, licence_type="business").update(quantity=20)
    with pytest.raises(NotExecutable) as refused:
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert "LIC-4" in {finding.rule for finding in refused.value.verdict.blocking}


def test_lead_can_have_licences_added_without_a_price(cast, now, ticket):
    agent_actions.override(ticket.pk, "LIC-4", "They are part of the contract.", actor=cast.lead, at=now)
    carry_out(ticket, cast.agent, now)
    assert (ticket.outcome, entries(ticket), quantity(cast)) == ("executed", [], 22)


def test_teams_licences_are_quoted_as_well(cast, now, ticket):
    Pbx.objects.filter(pk=cast.pbx.pk).update(wms_version="6.01.20240101.1")
    teams = ask(cast.nora, "teams_licence_change", now, pbx="PBX-FREE", quantity="5")
    take(teams, "quote_price", cast.agent, now, price="12", worked_out=HOW)
    take(teams, "accept_price", cast.nora, now, answer="12.00")
    carry_out(teams, cast.agent, now)
    assert entries(teams) == [("price.licences_quoted", Decimal("12.00"))]


def test_withdrawn_request_gets_no_new_quote(cast, now, ticket):
    take(ticket, "quote_price", cast.agent, now, price="40", worked_out=HOW)
    agent_actions.withdraw(ticket.pk, actor=cast.nora, at=now)
    assert (open_codes(ticket, cast.nora), open_codes(ticket, cast.agent)) == ([], [])
