"""Nobody answers for somebody else: changes to who has to agree are notified, shown and reviewed (ORG-4)."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError

from classound.models import Did
from partners import team
from partners.models import EndUser, Reseller
from tests.markup import flat
from tests.tickets.actions import ask, carry_out, send_mails
from tickets.consents import address_of, holdings
from tickets.models import Mail
from tickets.services import agent_actions, consents, execution, resellers

LINK = re.compile(r"/confirm/[\w-]+/")
HERS = "attacker@kiel-it.example"


def change(cast, at, email=HERS):
    return resellers.change(cast.north_reseller.pk, name="Kiel IT", email=email, actor=cast.nora, at=at)


def move(cast, at):
    return ask(cast.nora, "reseller_transfer", at, reseller="R-NORD", new_partner="ALBION", description="The reseller changes with all.")


def looked_into(ticket, at):
    return [f for f in execution.judge_again(ticket, at=at)[2].findings if f.rule == "ORG-4"]


def sent(at):
    mail.outbox.clear()
    send_mails(at)
    return {m.to[0]: m for m in mail.outbox}


def asked(at):
    """Return {address: the path of the link that is e-mailed to it now}."""
    sent(at)
    return {m.to[0]: found[0] for m in mail.outbox if (found := LINK.search(m.body))}


def test_previous_address_is_notified_once_of_each_change(cast, now):
    change(cast, now)
    change(cast, now)  # the same address again is no change
    told = sent(now)
    assert set(told) == {"office@kiel.example"}
    body = told["office@kiel.example"].body
    assert "Hello Kiel IT," in body and "Nord Telecom" in body and "customer care" in body and f"{now.year}" in body and HERS not in body
    change(cast, now + datetime.timedelta(seconds=1), email="")
    assert set(sent(now + datetime.timedelta(seconds=1))) == {HERS}
    change(cast, now + datetime.timedelta(seconds=2), email="office@kiel.example")  # where there was no address before, nobody is notified
    assert not Mail.objects.filter(sent_at=None).exists()


def test_previous_billing_address_is_notified_as_well(cast, now):
    ticket = ask(cast.nora, "company_change", now, billing_email="new@nord.example")
    carry_out(ticket, cast.agent, now)
    assert Mail.objects.get(kind="address_changed").to == "billing@nord.example"
    cast.nord.refresh_from_db()
    assert cast.nord.billing_email_since == now


def test_recent_address_change_is_flagged_and_a_later_one_gets_no_link(cast, now, client):
    change(cast, now - datetime.timedelta(days=3))
    ticket = move(cast, now)
    (finding,) = [f for f in ticket.verdict["findings"] if f["rule"] == "ORG-4"]
    assert (finding["effect"], finding["needs"], finding["field"]) == ("require", "approval", "reseller")
    change(cast, now, email="second@kiel.example")
    assert {HERS, "nora@nord.example", "billing@albion.example"} <= set(sent(now))
    consents.send_again(ticket.pk, "subject", actor=cast.agent, at=now)
    assert set(sent(now)) == {HERS}
    (later,) = looked_into(ticket, now)
    assert later.allowed_from == now.date() + datetime.timedelta(days=30)
    client.force_login(cast.agent)
    page = flat(client.get(f"/desk/{ticket.pk}/"))
    assert f"{HERS}<span" in page and "now second@kiel.example, since" in page
    assert f"office@kiel.example → Kiel IT, {HERS}" in page
    client.force_login(cast.nora)
    assert "second@kiel.example" not in client.get(f"/portal/requests/{ticket.pk}/").content.decode()


def test_reseller_just_given_an_end_user_is_flagged(cast, now):
    resellers.place(cast.bakery.pk, None, actor=cast.nora, at=now)
    resellers.place(cast.bakery.pk, cast.north_reseller, actor=cast.nora, at=now)
    (finding,) = looked_into(move(cast, now), now)
    assert "last assigned an end user" in finding.message


@pytest.mark.parametrize("address", ["Nora@Nord.example", "billing@nord.example"])
def test_subject_using_the_partners_own_address_is_flagged_at_any_age(cast, now, address):
    Reseller.objects.filter(code="R-NORD").update(email=address)
    EndUser.objects.filter(code="E-BAKERY").update(email=address)
    alone = ask(cast.nora, "end_user_transfer", now, end_user="E-BAKERY", new_partner="SUD", description="The bakery changes its partner.")
    for ticket in (move(cast, now), alone):
        (finding,) = looked_into(ticket, now)
        assert "belongs to Nord Telecom" in finding.message


@pytest.mark.parametrize("address", ["alba@albion.example", "Billing@albion.example"])
def test_only_agents_see_that_subject_shares_an_address_with_another_party(cast, now, client, address):
    Reseller.objects.filter(code="R-NORD").update(email=address)
    ticket = move(cast, now)
    client.force_login(cast.agent)
    page = flat(client.get(f"/desk/{ticket.pk}/"))
    party = page[page.index(f"{address}<span") :][:200]
    assert "also an address of Albion Phones" in party
    assert looked_into(ticket, now) == []  # the requesting partner does not learn whose it is
    ticket.confirmations.update(decision="agreed", decided_at=now)
    carry_out(ticket, cast.agent, now)
    assert "no address" not in client.get(f"/desk/{ticket.pk}/").content.decode()


def test_address_changes_that_send_emails_are_rate_limited(cast, client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"address_changed": "1/h/key"}
    client.force_login(cast.nora)
    address = f"/portal/resellers/{cast.north_reseller.pk}/"
    assert client.post(address, {"name": "Kiel IT", "email": HERS}).status_code == 302
    answer = client.post(address, {"name": "Kiel IT", "email": "third@kiel.example"})
    assert answer.status_code == 400 and "Too many addresses" in answer.content.decode()
    assert client.post(address, {"name": "Kiel Telecom", "email": HERS}).status_code == 302


def test_deactivated_contact_cannot_consent_for_the_company(cast, now, client):
    ticket = move(cast, now)
    link = asked(now)["nora@nord.example"]
    with time_machine.travel(now):
        assert client.get(link).status_code == 200
        team.deactivate(cast.nora, at=now)
        assert client.get(link).status_code == client.post(link, {"name": "Nora", "decision": "agree"}).status_code == 404
    assert ticket.confirmations.get(party="current_partner").decision == ""
    consents.send_again(ticket.pk, "current_partner", actor=cast.agent, at=now)
    assert asked(now).keys() == {"billing@nord.example"}
    cast.nord.billing_email = cast.nora.email
    cast.nord.save()
    assert address_of(cast.nord) == ""


def test_care_team_that_requests_a_move_does_not_consent_for_the_partner(cast, now):
    about = {"reseller": "R-NORD", "new_partner": "ALBION", "description": "The reseller changes with all customers."}
    ticket = ask(cast.lead, "reseller_transfer", now, partner=cast.nord, **about)
    assert ticket.confirmations.get(party="current_partner").email == "billing@nord.example"


def test_company_of_a_contact_who_left_learns_that_the_move_is_off(cast, now):
    ticket = move(cast, now)
    ticket.confirmations.filter(party="new_partner").update(email=cast.alba.email)
    consents.decide(ticket.confirmations.get(party="new_partner"), "agreed", name="Alba", at=now)
    team.deactivate(cast.alba, at=now)
    agent_actions.reject(ticket.pk, "other", "The papers are missing.", actor=cast.agent, at=now)
    assert {"billing@albion.example"} == sent(now).keys() - {cast.nora.email}


def test_partner_without_a_billing_address_is_asked_at_its_first_contact(cast):
    cast.albion.billing_email = ""
    assert address_of(cast.albion) == cast.alba.email


def test_party_can_be_asked_again_at_its_own_addresses_or_at_none(cast, now):
    ticket = move(cast, now)
    ticket.confirmations.filter(party="subject").update(email="")
    for address in ("billing@albion.example", cast.alba.email, ""):
        consents.stop(ticket.pk, "new_partner", email=address, actor=cast.agent, at=now)
        assert ticket.confirmations.get(party="new_partner").email == address


def test_address_at_which_another_partner_is_asked_is_refused(cast, now):
    ticket = move(cast, now)
    ticket.confirmations.filter(party="current_partner").update(email="office@adviser.example")
    with pytest.raises(ValidationError, match="belongs to Nord Telecom"):
        consents.stop(ticket.pk, "new_partner", email="Office@adviser.example", actor=cast.agent, at=now)


def test_parties_read_what_would_move(cast):
    Did.objects.filter(pk=cast.did.pk).update(status="cancelled")
    moving = EndUser.objects.filter(pk=cast.bakery.pk)
    assert holdings(moving) == [("end users", 1), ("PBXs", 2), ("numbers and ranges", 4), ("devices", 3)]
