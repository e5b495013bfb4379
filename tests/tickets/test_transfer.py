"""A reseller moves: three parties agree, each by its own link or letter, then everything moves (ORG-1)."""

import csv
import datetime
import io
import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from billing.models import LedgerEntry
from classound.models import Did
from hwaas.models import Device
from partners.models import EndUser, Reseller
from pbx.models import Pbx
from tests.tickets.actions import ask, carry_out, send_mails
from tickets import mails
from tickets.email_ids import conversation_id
from tickets.models import Confirmation, Mail, Ticket
from tickets.services import agent_actions, consents, execution, merging, submission
from tickets.services.lifecycle import NotNow, lock

LINK = re.compile(r"/confirm/([\w-]+)/")


def transfer(cast, now):
    """Submit a request for a reseller to move."""
    return ask(
        cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="ALBION", description="The reseller changes with all customers."
    )


def reject(number, *, actor, at):
    agent_actions.reject(number, "other", "The papers are missing.", actor=actor, at=at)


def join(number, *, actor, at):
    other = transfer(SimpleNamespace(nora=Ticket.objects.get(pk=number).requester), at)
    merging.merge(number, other.pk, actor=actor, at=at)


SCENES = {"ticket": transfer}


@pytest.fixture
def ticket(cast):
    return cast.ticket


def links(ticket, at):
    """Return {address: token} of the confirmation e-mails about this ticket that are sent now."""
    mail.outbox.clear()
    send_mails(at)
    sent = [m for m in mail.outbox if m.extra_headers["In-Reply-To"] == conversation_id(ticket.pk)]
    return {m.to[0]: LINK.search(m.body)[1] for m in sent if LINK.search(m.body)}


@pytest.mark.django_db(transaction=True)
def test_links_are_sent_while_somebody_holds_the_ticket_lock(ticket, now):
    """A decision locks the ticket and waits for the confirmation: an e-mail that waited for the ticket would be a deadlock."""

    def send():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
            send_mails(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as meanwhile, transaction.atomic():
        lock(ticket.pk)
        meanwhile.submit(send).result()
    assert not Mail.objects.filter(ticket=ticket, sent_at=None).exists()


def agree(ticket, at, but=()):
    for token in links(ticket, at).values():
        confirmation = consents.by_token(token)
        consents.decide(confirmation, "declined" if confirmation.party in but else "agreed", name="Somebody", at=at)
    ticket.refresh_from_db()


def party(ticket, name):
    return ticket.confirmations.get(party=name)


def test_three_parties_are_asked_and_nothing_moves_before_they_agree(cast, now, ticket):
    assert (ticket.status, ticket.waiting_for) == ("on_hold", "parties")
    assert set(links(ticket, now)) == {"office@kiel.example", "nora@nord.example", "billing@albion.example"}
    with pytest.raises(execution.NotExecutable) as refused:
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert [(f.rule, f.subject) for f in refused.value.verdict.blocking] == [("ORG-1", party) for party in Confirmation.Party.values]


def test_after_all_agree_everything_moves_and_new_owner_pays_its_currency(cast, now, ticket):
    agree(ticket, now)
    assert (ticket.status, ticket.waiting_for, ticket.events.filter(data__step="consents").count()) == ("open", "", 1)
    carry_out(ticket, cast.agent, now)
    assert ticket.outcome == "executed"
    assert [(e.partner, e.fee, e.amount, e.currency) for e in LedgerEntry.objects.all()] == [
        (cast.albion, "fee.reseller_transfer", 100, "GBP")
    ]
    told = {mail.to: mails.compose(mail, at=now).body for mail in Mail.objects.filter(kind="agreed_done")}
    assert set(told) == {"office@kiel.example", "billing@albion.example"}
    assert ["100.00 GBP" in told[to] for to in sorted(told)] == [True, False]
    moved = [(Reseller, "R-NORD"), (EndUser, "E-BAKERY"), (Pbx, "PBX-FREE"), (Did, "+498981000400"), (Device, "SN-OWNED")]
    for model, key in moved:
        name = {Reseller: "code", EndUser: "code", Did: "number"}.get(model, "serial")
        assert model.objects.visible_to(cast.alba).filter(**{name: key}).exists()
        assert not model.objects.visible_to(cast.nora).filter(**{name: key}).exists()
    assert Did.objects.visible_to(cast.sara).count() == 1
    assert Ticket.objects.visible_to(cast.nora).get() == ticket


def test_partners_table_excludes_charges_paid_by_another_partner(cast, now, ticket, client):
    """A partner sees the total of what its requests cost; the care team's table has everybody's charges."""
    agree(ticket, now)
    carry_out(ticket, cast.agent, now)
    for user, path, sums in ((cast.nora, "portal/requests", ""), (cast.agent, "desk/tickets", "100.00")):
        client.force_login(user)
        text = b"".join(client.get(f"/{path}.csv?status=solved").streaming_content).decode()
        assert [row["Costs (GBP)"] for row in csv.DictReader(io.StringIO(text))] == [sums], text


def test_one_declining_party_ends_the_move(cast, now, ticket):
    agree(ticket, now, but=["new_partner"])
    assert ticket.status == "open"
    with pytest.raises(execution.NotExecutable):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert Reseller.objects.get(code="R-NORD").partner == cast.nord


def test_lead_can_override_a_missing_consent_but_not_the_payers(cast, now, ticket):
    agent_actions.override(ticket.pk, "ORG-1", "Its office was closed.", actor=cast.lead, at=now)
    with pytest.raises(execution.NotExecutable) as refused:
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert refused.value.reasons == ["The new partner has not agreed yet."]
    consents.by_letter(ticket.pk, "new_partner", SimpleUploadedFile("letter.pdf", b"%PDF-1.7"), name="Alba", actor=cast.agent, at=now)
    assert carry_out(ticket, cast.agent, now).outcome == "executed"


def test_letter_attached_by_an_agent_counts_as_consent(cast, now, ticket):
    for name in ("subject", "current_partner", "new_partner"):
        letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 signed")
        consents.by_letter(ticket.pk, name, letter, name="Karl Kiel", actor=cast.agent, at=now)
    confirmation = party(ticket, "subject")
    assert (confirmation.decision, confirmation.decided_by, confirmation.recorded_by) == ("agreed", "Karl Kiel", cast.agent)
    assert confirmation.letter.is_internal
    carry_out(ticket, cast.agent, now)
    assert ticket.outcome == "executed"


def test_invalid_letter_is_not_consent(cast, now, ticket):
    with pytest.raises(ValidationError):
        consents.by_letter(ticket.pk, "subject", SimpleUploadedFile("letter.pdf", b""), name="Karl", actor=cast.agent, at=now)
    assert party(ticket, "subject").decision == ""


def test_expired_link_is_renewed_once_by_email(now, ticket, client):
    url = f"/confirm/{links(ticket, now)['office@kiel.example']}/"
    lifetime = datetime.timedelta(days=14)
    with time_machine.travel(now + lifetime - datetime.timedelta(minutes=1), tick=False):
        assert client.get(url).status_code == 200
    with time_machine.travel(now + lifetime, tick=False):
        assert "E-mail me a new link" in client.get(url).content.decode()
        assert client.post(url, {"decision": "agree", "name": "Karl"}).status_code == 404
        for _click in range(2):
            assert client.post(url, {"renew": "yes"}).status_code == 302
        assert [mail.to for mail in Mail.objects.filter(kind="confirmation", sent_at=None)] == ["office@kiel.example"]
        fresh = links(ticket, now + lifetime)["office@kiel.example"]
        assert client.get(f"/confirm/{fresh}/").status_code == 200
        assert client.post(url, {"renew": "yes"}).status_code == 404
    assert (party(ticket, "subject").decision, ticket.events.get(kind="confirmation").data["by_party"]) == ("", True)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (agent_actions.withdraw, "Nord Telecom has withdrawn the request."),
        (reject, "The request was rejected."),
        (join, "handled together with another request from Nord Telecom"),
    ],
)
def test_agreed_party_outside_the_request_is_told_that_it_ended(end, said, cast, now, ticket):
    agree(ticket, now, but=["subject"])
    end(ticket.pk, actor=cast.agent, at=now)
    told = {mail.to: mails.compose(mail, at=now).body for mail in Mail.objects.filter(kind="agreed_over")}
    assert set(told) == {"billing@albion.example"}
    assert said in told["billing@albion.example"]


def test_link_works_once_and_a_decision_never_changes(now, ticket):
    token = links(ticket, now)["office@kiel.example"]
    confirmation = consents.by_token(token)
    consents.decide(confirmation, "declined", name="Karl", reason="Not now", at=now)
    assert consents.by_token(token) is None
    with pytest.raises(NotNow):
        consents.decide(confirmation, "agreed", name="Karl", at=now)
    assert (party(ticket, "subject").decision, party(ticket, "subject").reason) == ("declined", "Not now")


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "ünbekannt", "\x00"])
def test_unknown_links_open_nothing(now, ticket, token):
    links(ticket, now)
    assert consents.by_token(token) is None


def test_resending_invalidates_the_earlier_link(cast, now, ticket):
    first = links(ticket, now)["office@kiel.example"]
    consents.send_again(ticket.pk, "subject", actor=cast.agent, at=now)
    second = links(ticket, now)
    assert set(second) == {"office@kiel.example"}
    assert consents.by_token(first) is None
    assert consents.by_token(second["office@kiel.example"]).party == "subject"


def test_page_opened_before_resending_decides_nothing(cast, now, ticket):
    opened = consents.by_token(links(ticket, now)["billing@albion.example"])
    consents.send_again(ticket.pk, "new_partner", actor=cast.agent, at=now)
    fresh = consents.by_token(links(ticket, now)["billing@albion.example"])
    with pytest.raises(NotNow):
        consents.decide(opened, "agreed", name="Somebody", at=now)
    assert consents.decide(fresh, "declined", name="Somebody", at=now).decision == "declined"


def test_party_that_decided_is_not_asked_again(cast, now, ticket):
    agree(ticket, now)
    with pytest.raises(NotNow):
        consents.send_again(ticket.pk, "subject", actor=cast.agent, at=now)


def test_only_a_digest_of_the_link_is_stored(now, ticket):
    tokens = links(ticket, now)
    kept = repr(list(Confirmation.objects.values())) + repr(list(Mail.objects.values())) + repr(list(ticket.events.values()))
    assert not [token for token in tokens.values() if token in kept]
    assert all(len(c.digest) == 64 for c in Confirmation.objects.all())


def test_party_without_an_address_is_asked_by_letter(cast, now):
    Reseller.objects.filter(code="R-NORD").update(email="")
    ticket = ask(cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="ALBION", description="The reseller changes.")
    assert set(links(ticket, now)) == {"nora@nord.example", "billing@albion.example"}
    assert party(ticket, "subject").sent_at is None, "nobody has been asked by e-mail"
    with pytest.raises(NotNow, match="letter"):
        consents.send_again(ticket.pk, "subject", actor=cast.agent, at=now)


def test_links_of_a_withdrawn_request_open_nothing(cast, now, ticket):
    tokens = links(ticket, now)
    agent_actions.withdraw(ticket.pk, actor=cast.nora, at=now)
    assert [consents.by_token(token) for token in tokens.values()] == [None] * 3


def test_pending_email_is_not_sent_once_the_party_decided(cast, now, ticket):
    consents.by_letter(ticket.pk, "subject", SimpleUploadedFile("l.pdf", b"%PDF-1"), name="Karl", actor=cast.agent, at=now)
    assert "office@kiel.example" not in links(ticket, now)


def test_reseller_moved_meanwhile_does_not_move_again(cast, now, ticket):
    agree(ticket, now)
    Reseller.objects.filter(code="R-NORD").update(partner=cast.sud)
    with pytest.raises(execution.NotExecutable):
        carry_out(ticket, cast.agent, now)
    assert not LedgerEntry.objects.exists()


@pytest.mark.usefixtures("that_day")
def test_links_stop_working_once_the_reseller_has_moved_elsewhere(cast, now, ticket, client):
    page = f"/confirm/{links(ticket, now)['billing@albion.example']}/"
    assert "Nord Telecom" in client.get(page).content.decode()
    Reseller.objects.filter(code="R-NORD").update(partner=cast.sud)
    assert [client.get(page).status_code, client.post(page, {"name": "Alba", "decision": "agree"}).status_code] == [404, 404]
    assert party(ticket, "new_partner").decision == ""


def test_move_to_oneself_is_denied(cast, now):
    with pytest.raises(submission.Denied):
        ask(cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="NORD", description="Stay where it is.")


def test_end_user_moves_alone_and_leaves_its_reseller(cast, now):
    cast.bakery.email = "office@bakery.example"
    cast.bakery.save()
    moving = ask(cast.nora, "end_user_transfer", now, end_user="E-BAKERY", new_partner="SUD", description="The bakery changes its partner.")
    assert set(links(moving, now)) == {"office@bakery.example", "nora@nord.example", "billing@sud.example"}
    for confirmation in moving.confirmations.all():
        confirmation.decision, confirmation.decided_at = "agreed", now
        confirmation.save()
    moving.refresh_from_db()
    carry_out(moving, cast.agent, now)
    cast.bakery.refresh_from_db()
    assert (cast.bakery.partner, cast.bakery.reseller) == (cast.sud, None)
    assert (Reseller.objects.get(code="R-NORD").partner, EndUser.objects.get(code="E-PUB").partner) == (cast.nord, cast.albion)
    assert [(e.partner, e.fee, e.amount) for e in LedgerEntry.objects.all()] == [(cast.sud, "fee.end_user_transfer", 100)]
