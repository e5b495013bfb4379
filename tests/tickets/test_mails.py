"""What e-mails about requests say first: what is needed, from whom, by when; and whose request an e-mail about a colleague's is."""

from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.models import Partner, User
from tests.tickets.actions import ask, last_mail, send_mails
from tests.tickets.test_transfer import transfer
from tickets import mails
from tickets.models import Confirmation, Mail, Ticket
from tickets.services import agent_actions, conversation, followers

FILE = SimpleUploadedFile("Return_label.pdf", b"%PDF-1.4")


@pytest.fixture
def ticket(cast, now):
    return ask(cast.nora, "did_cancel", now, dids=[cast.did.number])


@pytest.fixture
def kim(cast, now, ticket):
    """A colleague who follows the request."""
    kim = User.objects.create_user("kim@nord.example", full_name="Kim Löwe", partner=cast.nord)
    followers.follow(ticket.pk, kim, by=cast.nora, at=now)
    return kim


@pytest.fixture
def sent(now, mailoutbox):
    """sent() returns what has been e-mailed since: {address: e-mail}."""

    def look():
        mailoutbox.clear()
        send_mails(now)
        return {mail.to[0]: mail for mail in mailoutbox}

    send_mails(now)
    return look


def test_subject_says_whether_an_answer_is_expected(cast, now, ticket):
    subjects = []
    conversation.reply(ticket.pk, "We look at it.", author=cast.agent, at=now)
    subjects.append(last_mail(ticket, now).subject)
    conversation.ask_partner(ticket.pk, "Which one?", author=cast.agent, at=now)
    subjects.append(last_mail(ticket, now).subject)
    conversation.answer(ticket.pk, "You find it under Devices.", author=cast.agent, at=now)
    subjects.append(last_mail(ticket, now).subject)
    number, title = f"Careline #{ticket.pk}", "Cancel +49 89 81000400"
    assert subjects == [f"{number}: {title}", f"{number} needs your answer: {title}", f"{number} has been answered: {title}"]


def test_only_questions_ask_for_an_answer(cast, now, ticket):
    conversation.reply(ticket.pk, "We look at it.", author=cast.agent, at=now)
    assert "Please reply" not in last_mail(ticket, now).body
    conversation.ask_partner(ticket.pk, "Which one?", author=cast.agent, at=now)
    assert "Please reply" in last_mail(ticket, now).body


def test_colleague_learns_whose_request_it_is_and_how_to_unfollow(cast, now, ticket, kim, sent, settings):
    settings.SITE_URL = "https://care.example"
    page = "https://care.example/portal/mails/"
    for say in (conversation.reply, conversation.ask_partner):
        say(ticket.pk, "Which one?", author=cast.agent, at=now)
        told = sent()
        own, followed = told[cast.nora.email], told[kim.email]
        assert "your request" in own.body and "List-Unsubscribe" not in own.extra_headers and page not in own.body
        assert "Nora Nord’s request" in followed.body and "your request" not in followed.body
        assert (
            followed.extra_headers["List-Unsubscribe"] == f"<{page}>"
            and "because you follow this request. You can stop following it on its page" in followed.body
        )
    agent_actions.reject(ticket.pk, "other", "The papers are missing.", actor=cast.agent, at=now)
    assert "We have rejected Nora Nord’s request." in sent()[kim.email].body


def test_files_of_a_reply_are_listed_but_not_those_of_a_note(cast, now, ticket):
    conversation.note(ticket.pk, "For us.", author=cast.agent, at=now, files=[SimpleUploadedFile("secret.pdf", b"%PDF-1.4 s")])
    conversation.reply(ticket.pk, "Here it is.", author=cast.agent, at=now, files=[FILE])
    body = last_mail(ticket, now).body
    assert "The message has an attachment, which you can open in the portal:\n- Return_label.pdf\n" in body and "secret" not in body, body


def test_party_is_told_the_requester_the_change_the_deadline_and_the_cost(cast, now):
    Partner.objects.filter(pk=cast.nord.pk).update(timezone="Asia/Kolkata")
    ticket = transfer(cast, now)
    asked = {mail.to: mails.compose(mail, at=now) for mail in Mail.objects.filter(ticket=ticket, kind="confirmation")}
    reseller, own, new = (asked[to].body for to in ("office@kiel.example", cast.nora.email, "billing@albion.example"))
    assert {mail.subject for mail in asked.values()} == {"Please agree or decline: Move Kiel IT to Albion Phones"}
    ends = Confirmation.objects.filter(ticket=ticket).earliest("pk").expires_at
    here, there = (ends.astimezone(ZoneInfo(zone)) for zone in ("Asia/Kolkata", "Europe/London"))
    assert f"Nord Telecom asks you to agree to this change by {here:%-d %B %Y, %H:%M} IST:" in reseller
    assert f"by {there:%-d %B %Y, %H:%M} GMT:" in new
    assert ["customer care service of the vendor" in body for body in (reseller, own, new)] == [True, False, False]
    assert ["There is no charge for you." in body for body in (reseller, own, new)] == [True, True, False]
    assert "it costs you 100.00 GBP." in new


def test_unnamed_time_zone_is_shown_by_its_utc_offset(cast, now):
    Partner.objects.filter(code="ALBION").update(timezone="America/Sao_Paulo")
    transfer(cast, now)
    new = next(mails.compose(mail, at=now) for mail in Mail.objects.filter(kind="confirmation", to="billing@albion.example"))
    assert " UTC-03:" in new.body


def test_old_titles_show_the_partner_name_after_the_code(cast, now):
    ticket = transfer(cast, now)
    Ticket.objects.filter(pk=ticket.pk).update(subject="Move Kiel IT to ALBION")
    subjects = {mails.compose(mail, at=now).subject for mail in Mail.objects.filter(ticket=ticket, kind="confirmation")}
    assert subjects == {"Please agree or decline: Move Kiel IT to ALBION (Albion Phones)"}


def test_subject_says_when_a_request_waits_for_its_partner(cast, now, ticket):
    conversation.ask_partner(ticket.pk, "Which one?", author=cast.agent, at=now)
    Mail.objects.filter(ticket=ticket).update(kind="progress")
    assert last_mail(ticket, now).subject.startswith(f"Careline #{ticket.pk} is waiting for you: ")


@pytest.mark.parametrize("title", ["Über uns " * 22 + "Ende", "🚀 Fax", "شركة"])
def test_any_title_becomes_a_readable_single_line_subject(cast, now, ticket, title):
    Ticket.objects.filter(pk=ticket.pk).update(subject=title)
    sent = message_from_bytes(last_mail(ticket, now).message().as_bytes(), policy=policy.default)
    assert sent["Subject"].strip() == f"Careline #{ticket.pk} received: {title}"
