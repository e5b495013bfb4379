"""The parties of a move: misdirected links, and requests about things that have moved elsewhere in the meantime (ORG-1, ORG-4)."""

import datetime
import io
from contextlib import nullcontext

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from estate import runs
from estate.uploads import Source
from partners.models import Reseller
from tests.markup import flat
from tests.tickets.actions import ask, carry_out, send_mails
from tests.tickets.test_transfer import agree, links, party, reject, transfer
from tickets import tasks
from tickets.email_ids import conversation_id
from tickets.models import Mail
from tickets.services import consents, conversation, merging, status
from tickets.services.lifecycle import NotNow

MINUTE = datetime.timedelta(minutes=1)
SCENES = {"ticket": transfer}


@pytest.fixture
def ticket(cast):
    return cast.ticket


def states(*tickets):
    """Return what each of them waits for now."""
    for one in tickets:
        one.refresh_from_db()
    return [(one.status, one.waiting_for) for one in tickets]


def test_misdirected_link_is_stopped_and_another_address_is_asked(cast, now, ticket, client):
    stray = links(ticket, now)["office@kiel.example"]
    client.force_login(cast.agent)
    page, address = f"/desk/{ticket.pk}/", f"/desk/{ticket.pk}/confirmations/subject/stop/"
    with time_machine.travel(now):
        assert client.post(address, {"email": ""}).status_code == 302
        assert client.get(f"/confirm/{stray}/").status_code == 404
        assert links(ticket, now) == {}
        text = flat(client.get(page))
        assert "Not asked by e-mail" in text and "stopped the link sent to office@kiel.example: Reseller" in text
        assert client.post(address, {"email": "karl@kiel.example"}).status_code == 302
        assert client.post(address, {"email": "kai@kiel.example"}).status_code == 302  # the mail to Karl is owed, and not sent
        assert "e-mailed a new link to kai@kiel.example in place of karl@kiel.example" in flat(client.get(page))
        fresh = links(ticket, now + MINUTE)
        page = client.get(f"/confirm/{fresh['kai@kiel.example']}/")
        assert set(fresh) == {"kai@kiel.example"} and page.status_code == 200
        assert b'autocomplete="name"' in page.content, "one's own name need not be typed (WCAG 1.3.5)"
        client.force_login(cast.nora)
        assert "kiel.example" not in client.get(f"/portal/requests/{ticket.pk}/").content.decode()


@pytest.mark.parametrize("name", ["1", "K", "K.", "7 8", "\u202eKarl"])
def test_signature_must_be_a_name_and_is_reported_at_its_field(name, cast, now, ticket, client):
    page = f"/confirm/{links(ticket, now)['office@kiel.example']}/"
    with time_machine.travel(now):
        answer = client.post(page, {"decision": "decline", "name": name, "reason": "We stay."})
        assert (answer.status_code, set(answer.context["form"].errors)) == (400, {"name"})
        assert "We stay." in answer.content.decode()
        client.force_login(cast.agent)
        letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.4")
        answer = client.post(f"/desk/{ticket.pk}/confirmations/subject/letter/", {"name": name, "letter": letter})
        assert answer.status_code == 400
    assert party(ticket, "subject").decision == ""


def test_party_sees_the_new_partners_name_not_only_its_code(cast, now, ticket, client):
    token = links(ticket, now)["office@kiel.example"]
    moved = f"Move Kiel IT to {cast.albion.name}"
    assert {sent.subject for sent in mail.outbox if sent.to == ["office@kiel.example"]} == {f"Please agree or decline: {moved}"}
    with time_machine.travel(now):
        assert f"<h1>{moved}</h1>" in client.get(f"/confirm/{token}/").content.decode()


def test_account_of_the_new_owner_links_to_no_request_that_it_cannot_read(cast, now, ticket, client):
    agree(ticket, now)
    carry_out(ticket, cast.agent, now)
    for user, path, page in ((cast.alba, "/portal/account/", ""), (cast.agent, "/desk/accounts/ALBION/", f"/desk/{ticket.pk}/")):
        client.force_login(user)
        (entry,) = client.get(path).context["entries"]
        assert (entry["title"], entry["source_label"], entry["source_url"]) == ("Reseller transfer", f"Request #{ticket.pk}", page)


def test_requester_sees_new_partner_name_only_after_submission(cast, now, client):
    client.force_login(cast.nora)
    fields = {"reseller": "R-NORD", "new_partner": "ALBION", "description": "The reseller changes with all customers."}
    with time_machine.travel(now):
        before = client.post("/portal/requests/new/reseller_transfer/check/", fields).content.decode()
        assert "ALBION" in before and cast.albion.name not in before
        ticket = transfer(cast, now)
        page = flat(client.get(f"/portal/requests/{ticket.pk}/"))
    assert ticket.subject == f"Move Kiel IT to {cast.albion.name}"
    assert f"{cast.albion.name} (ALBION)" in page and f"<b>{cast.albion.name}</b>" in page
    assert page.count("ALBION") == 1, "costs and confirmations have the name as well"


def test_shortest_full_name_is_accepted_as_signature(now, ticket, client):
    page = f"/confirm/{links(ticket, now)['office@kiel.example']}/"
    with time_machine.travel(now):
        assert client.post(page, {"decision": "agree", "name": "李娜"}).status_code == 302
    assert party(ticket, "subject").decided_by == "李娜"


def test_repeated_decision_is_thanked_again_but_recorded_once(now, ticket, client):
    page = f"/confirm/{links(ticket, now)['office@kiel.example']}/"
    agreed = {"name": "Li Wu", "decision": "agree"}
    assert [client.post(page, agreed).url for _ in range(2)] == ["/confirm/done/?decision=agree"] * 2
    assert client.post("/confirm/another/", agreed).status_code == 404 and ticket.events.filter(data__decision="agreed").count() == 1
    others = ({"name": "Li Wu", "decision": "decline"}, {"name": "Somebody Else", "decision": "agree"}, {"name": "Li Wu"})
    assert [client.post(page, other).status_code for other in others] == [404] * 3 and client.get(page).status_code == 404


def test_email_link_scanners_decide_nothing(now, ticket, client):
    page = f"/confirm/{links(ticket, now)['office@kiel.example']}/"
    with time_machine.travel(now):
        asked = [getattr(client, method)(page).status_code for method in ("head", "get", "options", "get")]
    assert (asked, party(ticket, "subject").decision) == ([200, 200, 405, 200], "")


@pytest.mark.parametrize("taken", ["Nora@nord.example", "billing@nord.example", "alba@albion.example", "BILLING@albion.example"])
def test_party_cannot_be_asked_at_another_partys_address(taken, cast, now, ticket, client):
    client.force_login(cast.agent)
    answer = client.post(f"/desk/{ticket.pk}/confirmations/subject/stop/", {"email": taken})
    text = flat(answer)
    assert answer.status_code == 400 and f'value="{taken}"' in text and "which would then answer for another party" in text
    assert party(ticket, "subject").email == "office@kiel.example"


def test_decided_or_unasked_party_has_no_link_to_stop(cast, now, ticket):
    consents.decide(party(ticket, "subject"), "declined", name="Karl", at=now)
    with pytest.raises(NotNow, match="decided"):
        consents.stop(ticket.pk, "subject", actor=cast.agent, at=now)
    cast.nora.is_active = False
    cast.nora.save()
    with pytest.raises(ValidationError, match="no longer has access"):
        consents.stop(ticket.pk, "current_partner", email=cast.nora.email, actor=cast.agent, at=now)
    for _once in range(2):
        unasked = party(ticket, "new_partner").email == ""
        with pytest.raises(ValidationError, match="no link") if unasked else nullcontext():
            consents.stop(ticket.pk, "new_partner", actor=cast.agent, at=now)


def test_request_overtaken_by_another_move_stops_waiting_for_parties(cast, now, ticket, client):
    """Overtaken by another request for the same reseller, which takes its end users along. A request about another one keeps waiting."""
    stays = Reseller.objects.create(code="R-STAYS", partner=cast.nord, name="Lübeck IT", email="office@luebeck.example")
    others = [
        ask(
            cast.nora, "reseller_transfer", now, reseller=code, new_partner="SUD", description="They have asked to move to another partner."
        )
        for code in (stays.code, "R-NORD")
    ]
    alone = ask(cast.nora, "end_user_transfer", now, end_user="E-BAKERY", new_partner="SUD", description="The bakery changes its partner.")
    agree(ticket, now)
    carry_out(ticket, cast.agent, now)
    assert states(*others, alone) == [("on_hold", "parties"), ("open", ""), ("open", "")]
    for user, page in ((cast.nora, f"/portal/requests/{alone.pk}/"), (cast.agent, f"/desk/{alone.pk}/")):
        client.force_login(user)
        text = flat(client.get(page))
        assert "The parties are no longer asked to agree" in text and "now belongs to another partner" in text
        assert text.count("No longer asked") == 3 and "Disable a link" not in text


def test_request_overtaken_by_an_import_stops_waiting_for_parties(cast, now, ticket):
    stays = Reseller.objects.create(code="R-STAYS", partner=cast.nord, name="Lübeck IT", email="office@luebeck.example")
    words = {"new_partner": "SUD", "description": "They have asked to move to another partner."}
    waits = ask(cast.nora, "reseller_transfer", now, reseller=stays.code, **words)
    alone = ask(cast.nora, "end_user_transfer", now, end_user="E-BAKERY", **words)
    files = {
        "resellers.csv": b"code,partner,name,email\nR-NORD,ALBION,Kiel IT,office@kiel.example\n",
        "end_users.csv": b"code,partner,reseller,name,country,email\nE-BAKERY,ALBION,,Bakery,DE,\n",
    }
    assert states(ticket, waits, alone) == [("on_hold", "parties")] * 3
    for is_rehearsal in (True, False):
        with runs.by_command(files, is_rehearsal=is_rehearsal, system_user="root", at=now) as run:
            sources = {name: Source(io.BytesIO(text)) for name, text in files.items()}
            runs.perform(run, sources, now=lambda: now)
        gone = ("on_hold", "parties") if is_rehearsal else ("open", "")
        assert states(ticket, waits, alone) == [gone, ("on_hold", "parties"), gone]
    assert alone.events.filter(data__overtaken=True).count() == 1


@pytest.mark.usefixtures("that_day")
def test_request_filed_during_an_import_commit_does_not_wait_in_vain(cast, now, ticket):
    """Neither has seen the other: the reseller is gone, and the request waits for its parties."""
    waits = ask(cast.nora, "end_user_transfer", now, end_user="E-BAKERY", new_partner="SUD", description="The bakery moves, too.")
    Reseller.objects.filter(code="R-NORD").update(partner=cast.sud)
    for _minute in range(2):
        tasks.watch()
    assert states(ticket, waits) == [("open", ""), ("on_hold", "parties")]
    assert ticket.events.filter(data__overtaken=True).count() == 1


def test_request_overtaken_while_merged_stops_waiting_after_the_unmerge(cast, now, ticket):
    other = transfer(cast, now)
    consents.decide(party(other, "new_partner"), "agreed", name="Alba", at=now)
    merging.merge(other.pk, ticket.pk, actor=cast.agent, at=now)
    agree(ticket, now)
    carry_out(ticket, cast.agent, now)
    merging.unmerge(other.pk, actor=cast.agent, at=now)
    assert states(other) == [("open", "")] and other.events.filter(data__overtaken=True).count() == 1
    assert not Mail.objects.filter(kind="agreed_again").exists()


@pytest.mark.parametrize("is_told", [True, False])
def test_unmerge_notifies_those_told_of_the_merge_and_asks_the_others(is_told, cast, now, ticket):
    other = transfer(cast, now)
    other.confirmations.filter(party="current_partner").update(email="")
    consents.decide(party(other, "new_partner"), "agreed", name="Alba", at=now)
    merging.merge(other.pk, ticket.pk, actor=cast.agent, at=now)
    if is_told:
        send_mails(now)
    merging.unmerge(other.pk, actor=cast.agent, at=now)
    mail.outbox.clear()
    send_mails(now + MINUTE)
    about = [(one.to, one.subject.partition(":")[0]) for one in mail.outbox if str(other.pk) not in one.subject]
    assert ((["billing@albion.example"], "Resumed") in about) == is_told
    assert not any(subject == "Merged with another request" for _to, subject in about)
    assert all("Your agreement still applies" in one.body for one in mail.outbox if one.subject.startswith("Resumed"))
    asked = [one.to for one in mail.outbox if one.extra_headers["In-Reply-To"] == conversation_id(other.pk) and "/confirm/" in one.body]
    assert asked == [["office@kiel.example"]] and not party(other, "current_partner").sent_at
    assert Mail.objects.filter(ticket=other, sent_at=None).count() == 0


@pytest.mark.parametrize("by", ["partner", "agent"])
def test_party_told_of_a_refusal_is_told_when_the_request_resumes(by, cast, now, ticket):
    token = links(ticket, now)["office@kiel.example"]
    consents.decide(party(ticket, "new_partner"), "agreed", name="Alba", at=now)
    reject(ticket.pk, actor=cast.agent, at=now)
    send_mails(now)
    if by == "partner":
        conversation.reply(ticket.pk, "Here are the papers.", author=cast.nora, at=now)
    else:
        status.change(ticket.pk, "open", actor=cast.agent, at=now)
    mail.outbox.clear()
    send_mails(now)
    assert [one.to for one in mail.outbox if one.subject.startswith("Resumed")] == [["billing@albion.example"]]
    assert consents.by_token(token), "who was asked before can still decide by the same link"


def test_declined_move_is_not_announced_as_resumed_to_parties_that_agreed(cast, now, ticket):
    """A question about the refusal reopens the request; it can no longer move anything."""
    consents.decide(party(ticket, "subject"), "agreed", name="Karl", at=now)
    consents.decide(party(ticket, "new_partner"), "declined", name="Alba", at=now)
    for minutes in (0, 2):
        reject(ticket.pk, actor=cast.agent, at=now + minutes * MINUTE)
        send_mails(now + minutes * MINUTE)
        conversation.reply(ticket.pk, f"Why, please, {minutes}?", author=cast.nora, at=now + (minutes + 1) * MINUTE)
        send_mails(now + (minutes + 1) * MINUTE)
    told = [one.subject.partition(":")[0] for one in mail.outbox if one.to == ["office@kiel.example"]]
    assert [subject for subject in told if subject != "Please agree or decline"] == ["Not going ahead"]


def test_repeated_merge_and_unmerge_notify_each_time(cast, now, ticket):
    other = transfer(cast, now)
    consents.decide(party(other, "new_partner"), "agreed", name="Alba", at=now)
    for times in (1, 2):
        merging.merge(other.pk, ticket.pk, actor=cast.agent, at=now)
        send_mails(now)
        merging.unmerge(other.pk, actor=cast.agent, at=now)
        send_mails(now)
        assert sorted(Mail.objects.filter(ticket=other, kind__startswith="agreed_").values_list("kind", flat=True)) == sorted(
            ["agreed_over", "agreed_again"] * times
        )


def test_former_partner_sees_the_old_name_and_the_care_team_the_new_one(cast, now, ticket, client):
    agree(ticket, now)
    carry_out(ticket, cast.agent, now)
    Reseller.objects.filter(code="R-NORD").update(name="Albion’s own")
    for user, page, name in ((cast.nora, f"/portal/requests/{ticket.pk}/", "Kiel IT"), (cast.agent, f"/desk/{ticket.pk}/", "Albion’s own")):
        client.force_login(user)
        text = client.get(page).content.decode()
        assert f"{name} (R-NORD)" in text
        assert (user == cast.agent) == ("Albion’s own" in text)


def test_requester_first_sees_a_party_declined_and_no_expected_date(now, ticket, client, cast):
    client.force_login(cast.nora)
    agree(ticket, now, but=("new_partner",))
    page = client.get(f"/portal/requests/{ticket.pk}/")
    assert page.context["declined"].startswith("Albion Phones has declined, so the move cannot go ahead") and page.context["expected"] == ""
    assert page.text.index("has declined") < page.text.index("req-steps")


def test_link_on_its_way_to_one_party_keeps_no_other_from_a_new_one(cast, now):
    ticket = transfer(cast, now)
    links(ticket, now)
    consents.send_again(ticket.pk, "new_partner", actor=cast.agent, at=now)
    subject = party(ticket, "subject")
    consents.renew(subject, at=now)
    assert Mail.objects.filter(kind="confirmation", to=subject.email, sent_at=None).count() == 1
