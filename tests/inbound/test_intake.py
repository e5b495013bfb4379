"""An answer by e-mail is added to its ticket once, or refused with a reason: nothing is lost, and strangers learn nothing."""

from datetime import timedelta
from email.message import EmailMessage
from zlib import crc32

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inbound import intake
from inbound.intake import AN_HOUR, ATTEMPTS, process
from inbound.models import InboundMail
from partners.models import User
from tests.tickets.actions import ask, last_mail
from tickets import mails
from tickets.models import Event, Mail
from tickets.services import agent_actions, conversation, merging

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def _answers_by_mail(settings):
    settings.REPLY_ADDRESS = "care@careline.example"


@pytest.fixture
def letter(cast, now, ticket):
    """letter(text) returns the bytes of Nora's answer to the last e-mail about the ticket; every part can be overridden."""

    def write(text="It is black.", *, sender="Nora Nord <Nora@nord.example>", to=None, files=(), **headers):
        answered, mail = last_mail(ticket, now), EmailMessage()
        quoted = "\n".join(f"> {line}" for line in answered.body.split("\n"))
        mail["From"], mail["To"], mail["Subject"] = sender, to or answered.reply_to[0], f"Re: {answered.subject}"
        for name, value in ({"Message-ID": f"<{crc32(text.encode())}@nord.example>"} | headers).items():
            mail[name.replace("_", "-")] = value
        mail.set_content(f"{text}\n\nOn Friday {answered.from_email} wrote:\n{quoted}\n")
        for name, content, (main, sub) in files:
            mail.add_attachment(content, filename=name, maintype=main, subtype=sub)
        return mail.as_bytes()

    return write


def last_event(ticket):
    return Event.objects.filter(ticket=ticket).latest("pk")


def rejections(ticket, at):
    """Return the e-mails that the ticket owes because of one that was not accepted."""
    return [mails.compose(mail, at=at) for mail in Mail.objects.filter(ticket=ticket, kind="not_taken")]


def test_answer_is_added_as_the_readers_message_with_its_files(cast, now, ticket, letter, client):
    conversation.ask_partner(ticket.pk, "Which colour is it?", author=cast.agent, at=now)
    raw = letter("It is black.", files=[("plug.png", PNG, ("image", "png"))])
    assert process(raw, at=now) == "taken"
    said = last_event(ticket)
    assert (said.kind, said.body, said.actor, [file.name for file in said.attachments.all()]) == (
        "message",
        "It is black.",
        cast.nora,
        ["plug.png"],
    )
    ticket.refresh_from_db()
    assert ticket.status == "open"  # it waited for the partner
    assert process(raw, at=now) == "taken" and last_event(ticket) == said  # delivered a second time
    client.force_login(cast.agent)
    assert "by e-mail" in client.get(f"/desk/{ticket.pk}/").content.decode()
    assert process(letter("And it has a logo.", files=[("plug.png", PNG, ("image", "png"))]), at=now) == "taken"
    assert ticket.attachments.count() == 1  # a known file is not new


def test_file_known_only_internally_is_still_added_for_the_partner(cast, now, ticket, letter):
    conversation.note(ticket.pk, "From the carrier.", author=cast.agent, at=now, files=[SimpleUploadedFile("plug.png", PNG)])
    assert process(letter("See here.", files=[("plug.png", PNG, ("image", "png"))]), at=now) == "taken"
    assert [file.is_internal for file in ticket.attachments.order_by("pk")] == [True, False]


def test_refused_files_are_reported_and_the_text_is_kept(cast, now, ticket, letter):
    assert process(letter("See here.", files=[("a.exe", b"MZ\x90\x00", ("application", "octet-stream"))]), at=now) == "taken"
    assert last_event(ticket).body == "See here."
    (mail,) = rejections(ticket, now)
    assert "a.exe is not a PDF, picture, text or CSV file." in mail.body and mail.subject.startswith("Some files were not added")
    assert process(letter("", files=[("a.exe", b"MZ\x90\x00", ("application", "octet-stream"))]), at=now) == "refused"
    assert process(letter("", files=[("plug.png", PNG, ("image", "png"))]), at=now) == "taken"
    assert last_event(ticket).kind == "attached"


def test_email_with_too_many_files_is_returned(now, ticket, letter):
    files = [(f"{n}.png", PNG + bytes([n]), ("image", "png")) for n in range(intake.MOST_FILES + 1)]
    assert process(letter("See here.", files=files), at=now) == "refused"
    assert "101 files are too many" in rejections(ticket, now)[0].body and not ticket.attachments.exists()


def test_email_with_an_endless_header_is_unreadable(now, ticket, letter):
    said = last_event(ticket)
    assert process(b"X-Padding: " + b"x" * 2_000_000 + b"\r\n" + letter(), at=now) == "unreadable"
    assert last_event(ticket) == said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no new text"),
        ("x " * 5001, "at most 10000 characters"),
        ("Das Gerät ist leider defekt und wir brauchen bitte so schnell wie möglich ein neues Gerät.", "English"),
    ],
)
def test_email_the_portal_would_refuse_is_returned_with_the_reason(now, ticket, letter, text, why):
    said = last_event(ticket)
    assert process(letter(text), at=now) == "refused"
    assert last_event(ticket) == said
    (mail,) = rejections(ticket, now)
    assert why in mail.body and mail.to == ["nora@nord.example"]


def test_closed_ticket_refuses_and_merged_ticket_forwards_the_answer(cast, now, ticket, letter):
    raw, other = (
        letter("One more thing."),
        ask(cast.nora, "general_question", now, topic="General", subject="Another", message="And another question."),
    )
    merging.merge(ticket.pk, other.pk, actor=cast.agent, at=now)
    assert process(raw, at=now) == "taken" and last_event(other).body == "One more thing."
    raw = letter("The last thing.")
    agent_actions.set_status(other.pk, "solved", actor=cast.agent, at=now)
    other.refresh_from_db()
    type(other).objects.filter(pk=other.pk).update(status="closed")
    assert process(raw, at=now) == "refused"
    assert "closed" in rejections(ticket, now)[0].body
    assert last_mail(other, now).reply_to == []  # nobody would read it


def test_only_the_recipient_can_answer_and_others_get_no_response(cast, now, ticket, letter):
    said = last_event(ticket)
    colleague = User.objects.create_user("nils@nord.example", full_name="Nils Nord", partner=cast.nord)
    others = mails.reply_address(ticket.pk, "sara@sud.example")
    number = str(ticket.pk)
    for sender, to in (
        ("sara@sud.example", None),
        ("sara@sud.example", others),  # her own address, and a ticket that is not hers
        (colleague.email, None),
        (cast.agent.email, None),
        ("Nobody <nobody@else.example>", None),
        ("nora@nord.example", "care@careline.example"),
        ("nora@nord.example", f"care+{number}-{'a' * 16}@careline.example"),
    ):
        assert process(letter(f"I am {sender} to {to}.", sender=sender, **({"to": to} if to else {})), at=now) == "unknown"
    later = letter("I have left.")
    User.objects.filter(pk=cast.nora.pk).update(is_active=False)
    assert process(later, at=now) == "unknown"
    User.objects.filter(pk=cast.nora.pk).update(is_active=True)
    assert last_event(ticket) == said and not rejections(ticket, now)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"List_Id": "<all.nord.example>"},
    ],
)
def test_automatic_emails_are_neither_taken_nor_answered(now, ticket, letter, headers):
    said = last_event(ticket)
    assert process(letter("I am out of office.", **headers), at=now) == "automatic"
    assert last_event(ticket) == said and not rejections(ticket, now)


def test_our_emails_suppress_autoreplies_and_form_one_thread(cast, now, ticket):
    first = last_mail(ticket, now)
    conversation.reply(ticket.pk, "Yes.", author=cast.agent, at=now)
    second = last_mail(ticket, now)
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"
    assert first.extra_headers["References"] == second.extra_headers["References"]
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]
    assert last_mail(ticket, now).extra_headers == second.extra_headers  # sent twice by a worker that died, it is one e-mail


def test_floods_are_limited_and_a_second_delivery_is_ignored(now, ticket, letter):
    raw = letter("Once.", Received="from a")
    assert [process(mail, at=now) for mail in (raw, letter("Once.", Received="from b"))] == ["taken", "twice"]
    for number in range(AN_HOUR - 2):
        process(letter("Again" + "!" * number), at=now)
    assert process(letter("And once more."), at=now) == "too_many"
    assert process(letter("After a while."), at=now + timedelta(hours=2)) == "taken"


def test_unreadable_email_is_given_up_after_some_attempts(now, ticket, letter, monkeypatch):
    assert process(b"\xff\xfe\x00 no mail at all", at=now) in ("unknown", "unreadable")
    raw = letter("This one breaks.")

    def breaks(*args, **more):
        raise RuntimeError

    monkeypatch.setattr(conversation, "reply", breaks)
    assert [process(raw, at=now) for _ in range(ATTEMPTS + 1)] == [""] * ATTEMPTS + ["unreadable"]
    assert InboundMail.objects.get(subject="", sender="", outcome="unreadable", attempts=ATTEMPTS + 1)


def test_without_a_reply_address_emails_refer_to_the_portal(settings, cast, now, ticket):
    settings.REPLY_ADDRESS = ""
    conversation.reply(ticket.pk, "Yes.", author=cast.agent, at=now)
    mail = last_mail(ticket, now)
    assert mail.reply_to == [] and "To respond, write in the portal" in mail.body


def test_reply_address_survives_a_replaced_secret(settings, now, ticket, letter):
    raw = letter()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-secret-of-this-installation", [settings.SECRET_KEY]
    assert process(raw, at=now) == "taken"


REPORT = """From: MAILER-DAEMON@mx.nord.example
To: care@careline.example
Subject: Undelivered Mail Returned to Sender
Return-Path: <>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.nord.example

Final-Recipient: rfc822; nora@nord.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 nobody
  of this name

--b
Content-Type: {kind}

Message-ID: {message_id}
Subject: Careline

--b--
"""


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_undelivered_email_is_reported_only_to_the_care_team(cast, now, ticket, client, kind):
    conversation.ask_partner(ticket.pk, "Which colour is it?", author=cast.agent, at=now)
    ours = last_mail(ticket, now).extra_headers["Message-ID"]
    for action, message_id, outcome in (
        ("delayed", ours, "automatic"),
        ("failed", ours.replace("-mail-", "-mail-1"), "automatic"),  # of another e-mail, with this one's code
        ("failed", ours, "returned"),
    ):
        report = REPORT.format(action=action, kind=kind, message_id=message_id)
        assert process(report.encode(), at=now) == outcome
    said = last_event(ticket)
    assert said.body == "Our e-mail to nora@nord.example was not delivered: smtp; 550 5.1.1 nobody of this name" and said.is_internal
    ticket.refresh_from_db()
    assert ticket.status == "open"  # nobody answers an e-mail that has not arrived
    client.force_login(cast.nora)
    assert "not delivered" not in client.get(f"/portal/requests/{ticket.pk}/").content.decode()
    client.force_login(cast.agent)
    assert "not delivered" in client.get(f"/desk/{ticket.pk}/").content.decode()
