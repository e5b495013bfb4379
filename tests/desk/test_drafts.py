"""Drafts are kept, replies can be taken back for ten seconds and are sent once, notes notify the people they mention."""

import datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from desk.models import Agent, Draft, DraftFile, Notice
from desk.services import drafts
from tickets.models import Attachment, Event, Ticket
from tickets.services import conversation
from tickets.services.lifecycle import NotNow

LATER = drafts.PAUSE + datetime.timedelta(seconds=1)


def send(ticket, cast, now, **more):
    return drafts.send(ticket.pk, cast.agent, **{"text": "We look into it."} | more, at=now)


def test_drafts_are_personal_and_deleted_when_empty(cast, now, ticket, client):
    client.force_login(cast.agent)
    answer = client.post(f"/desk/{ticket.pk}/draft/", {"text": "Dear Nora", "kind": "note"})
    assert "Draft saved" in answer.content.decode()
    assert "Dear Nora" in client.get(f"/desk/{ticket.pk}/").content.decode()
    assert not Event.objects.filter(ticket=ticket, body="Dear Nora").exists()
    client.force_login(cast.agent2)
    assert "Dear Nora" not in client.get(f"/desk/{ticket.pk}/").content.decode()
    client.force_login(cast.agent)
    client.post(f"/desk/{ticket.pk}/draft/", {"text": " ", "kind": "note"})
    assert not Draft.objects.exists()


def test_reply_is_sent_once_after_the_undo_pause(cast, now, ticket, django_capture_on_commit_callbacks):
    file = SimpleUploadedFile("lines.txt", b"Two lines.")
    draft = send(ticket, cast, now, files=[file])
    assert drafts.deliver(draft.pk, at=now) is None and not Event.objects.filter(kind="message").exists()
    assert drafts.due(at=now) == [] and drafts.due(at=now + LATER) == [draft.pk]
    assert drafts.due(at=now - datetime.timedelta(hours=1)) == [draft.pk], "a clock that was put back keeps nobody's words"
    with django_capture_on_commit_callbacks(execute=True):
        event = drafts.deliver(draft.pk, at=now + LATER)
    assert drafts.deliver(draft.pk, at=now + LATER) is None
    assert (event.actor, event.body, event.at) == (cast.agent, "We look into it.", now + LATER)
    assert Event.objects.filter(kind="message").count() == 1
    assert Attachment.objects.get(event=event).file.read() == b"Two lines."
    assert not Draft.objects.exists() and not DraftFile.objects.exists()


def test_pending_reply_shows_its_status_change(cast, ticket, client):
    client.force_login(cast.agent)
    send(ticket, cast, timezone.now(), set_status="pending")
    assert "This also sets the ticket to waiting for partner." in client.get(f"/desk/{ticket.pk}/").content.decode()
    Draft.objects.update(set_status="")
    page = client.get(f"/desk/{ticket.pk}/").content.decode()
    assert "Sending your reply…" in page and "This also sets" not in page


def test_undo_period_is_set_per_agent(cast, now, ticket, client):
    client.force_login(cast.agent)
    own = f"/desk/team/{cast.agent.pk}/"
    assert "A reply can be undone for" in client.get(own).content.decode()
    assert client.post(own, {"undo_seconds": "600"}).status_code == 400 and client.post(own, {"undo_seconds": "120"}).status_code == 302
    draft, two_minutes = send(ticket, cast, now), datetime.timedelta(minutes=2)
    assert draft.send_at == now + two_minutes and drafts.deliver(draft.pk, at=now + LATER) is None
    assert drafts.due(at=now) == [], "not taken for one from before a clock was put back"
    drafts.take_back(draft.pk, cast.agent, at=now + LATER)
    assert drafts.deliver(send(ticket, cast, now).pk, at=now + two_minutes)
    assert drafts.send(ticket.pk, cast.agent2, text="I, too.", at=now).send_at == now + drafts.PAUSE, "it is each one's own"
    client.force_login(cast.lead)
    assert "can be undone for" not in client.get(own).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Agent.objects.update(undo_seconds=0)


def test_reply_with_an_unfilled_variable_is_refused(cast, now, ticket, client):
    client.force_login(cast.agent)
    answer = client.post(f"/desk/{ticket.pk}/reply/", {"text": "Not before {allowed_from}, {sic}", "kind": "reply"})
    assert answer.status_code == 400 and "Fill in {allowed_from}" in answer.text and "{sic}</textarea>" in answer.text
    client.post(f"/desk/{ticket.pk}/reply/", {"text": "Not before {allowed_from}", "kind": "note"})
    client.post(f"/desk/{ticket.pk}/reply/", {"text": "Not before May, {sic}", "kind": "reply"})
    assert Draft.objects.get(send_at__isnull=False).text == "Not before May, {sic}"
    assert Event.objects.get(kind="note").body == "Not before {allowed_from}"


def test_same_reply_sent_twice_is_one_unless_text_or_files_differ(cast, now, ticket):
    def file(content):
        return SimpleUploadedFile("lines.txt", content)

    first = send(ticket, cast, now, files=[file(b"Two lines.")])
    assert send(ticket, cast, now, files=[file(b"Two lines.")]) == send(ticket, cast, now) == first, "a browser keeps no files"
    others = [send(ticket, cast, now, **more) for more in ({"files": [file(b"Three lines.")]}, {"text": "And more."})]
    assert len({first, *others}) == Draft.objects.count() == 3
    assert send(ticket, cast, now + LATER) not in others, "the same words later are meant"


def test_recalled_reply_precedes_text_typed_since(cast, now, ticket):
    sent = send(ticket, cast, now, files=[SimpleUploadedFile("lines.txt", b"Two lines.")])
    drafts.keep(ticket.pk, cast.agent, kind="reply", text="And more.", at=now)
    with pytest.raises(NotNow):
        drafts.take_back(sent.pk, cast.agent2, at=now)
    drafts.take_back(sent.pk, cast.agent, at=now)
    kept = Draft.objects.get()
    assert (kept.text, kept.send_at, kept.files.count()) == ("We look into it.\n\nAnd more.", None, 1)
    assert drafts.deliver(sent.pk, at=now + LATER) is None and not Event.objects.filter(kind="message").exists()
    with pytest.raises(NotNow):
        drafts.take_back(sent.pk, cast.agent, at=now)


def test_reply_to_a_closed_ticket_returns_as_a_draft(cast, now, ticket, client):
    sent = send(ticket, cast, now)
    Ticket.objects.update(status="closed", outcome="answered")
    assert drafts.deliver(sent.pk, at=now + LATER) is None
    assert Draft.objects.get().send_at is None and not Event.objects.filter(kind="message").exists()
    told = Notice.objects.get(user=cast.agent)
    assert (told.kind, told.text.startswith(f"Your reply to #{ticket.pk} was not sent")) == ("unsent", True)
    client.force_login(cast.agent)
    answer = client.post(f"/desk/{ticket.pk}/reply/", {"text": "Once more", "kind": "reply"})
    assert answer.status_code == 400 and "This ticket is closed" in answer.content.decode()
    assert Draft.objects.get().text == "Once more"


@pytest.mark.parametrize(
    ("wanted", "kind", "after"), [("", "message", "open"), ("pending", "question", "pending"), ("solved", "answered", "solved")]
)
def test_reply_sets_the_chosen_status(cast, now, ticket, wanted, kind, after):
    event = drafts.deliver(send(ticket, cast, now, set_status=wanted).pk, at=now + LATER)
    ticket.refresh_from_db()
    assert (event.kind, ticket.status) == (kind, after)


def test_reply_solves_an_executed_request_as_executed(cast, now):
    from tests.tickets.actions import ask, carry_out
    from tickets.services import conversation

    done = carry_out(ask(cast.nora, "did_cancel", now, dids=[cast.did.number]), cast.agent, now)
    conversation.reply(done.pk, "It still rings.", author=cast.nora, at=now)
    drafts.deliver(send(done, cast, now, set_status="solved").pk, at=now + LATER)
    done.refresh_from_db()
    assert (done.status, done.outcome) == ("solved", "executed")


def test_note_appears_immediately_and_notifies_mentioned_staff(cast, now, ticket, client):
    client.force_login(cast.agent)
    drafts.keep(ticket.pk, cast.agent, kind="note", text="@Ben", at=now)
    text = "@Ben Agent and @Nora Nord and @Ada Agent and @Nobody There: look at this."
    client.post(f"/desk/{ticket.pk}/reply/", {"text": text, "kind": "note"})
    note = Event.objects.get(kind="note")
    assert note.is_internal and not Draft.objects.exists()
    assert [(n.user, n.kind, n.event) for n in Notice.objects.all()] == [(cast.agent2, "mention", note)]


def test_composer_lists_articles_and_staff(cast, client):
    client.force_login(cast.agent)
    rows = client.get("/desk/articles/?q=minimum term").json()["rows"]
    assert rows and all("/help/" in row["text"] for row in rows)
    assert [row["title"] for row in client.get("/desk/people/?q=ben").json()["rows"]] == ["Ben Agent"]
    assert client.get("/desk/people/?q=nora").json()["rows"] == []


def test_file_can_be_removed_without_losing_the_text(cast, now, ticket, client, django_capture_on_commit_callbacks):
    files = [SimpleUploadedFile(f"{name}.txt", name.encode()) for name in ("one", "two", "three")]
    drafts.take_back(send(ticket, cast, now, files=files).pk, cast.agent, at=now)
    one, two, three = DraftFile.objects.all()
    address, headers = f"/desk/{ticket.pk}/detach/", {"HX-Request": "true"}
    client.force_login(cast.agent2)
    client.post(address, {"file": one.pk})
    assert DraftFile.objects.count() == 3, "another's draft is out of reach"
    client.force_login(cast.agent)
    for unknown in ({}, {"file": "x"}, {"file": "9" * 18}):
        assert client.post(address, unknown | {"text": "We look into it."}).status_code == 302
    assert DraftFile.objects.count() == 3
    place = two.file.path
    with django_capture_on_commit_callbacks(execute=True):
        left = client.post(address, {"file": two.pk}, headers=headers).content.decode()
    assert not Path(place).exists() and "one.txt" in left and "three.txt" in left and "two.txt" not in left
    sent = {"file": one.pk, "text": "And more.", "kind": "note", "attachments": "new.txt"}
    page = client.post(address, sent, follow=True).content.decode()
    assert "three.txt" in page and "one.txt" not in page and "And more.</textarea>" in page and "Choose your new files again" in page
    assert (Draft.objects.get().text, Draft.objects.get().kind) == ("And more.", "note")
    assert client.post(address, {"file": three.pk, "text": "x" * 10_001, "kind": "reply"}).status_code == 400
    assert client.post(address, {"file": three.pk, "text": " "}).status_code == 302 and not Draft.objects.exists()


def test_file_limits_include_recalled_files_and_return_the_reply(cast, now, ticket, settings):
    settings.ATTACHMENTS_OF_MESSAGE = (2, 1000)
    drafts.take_back(
        send(ticket, cast, now, files=[SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]).pk, cast.agent, at=now
    )
    with pytest.raises(ValidationError, match="3 files"):
        send(ticket, cast, now, files=[SimpleUploadedFile("c.txt", b"c")])
    sent = send(ticket, cast, now)
    settings.ATTACHMENTS_OF_TICKET = (1, 1000)
    assert drafts.deliver(sent.pk, at=now + LATER) is None
    assert "on one ticket" in Notice.objects.get(user=cast.agent).text
    assert Draft.objects.get().send_at is None and not Event.objects.filter(kind="message").exists()


def test_same_text_from_a_restored_form_is_posted_once(cast, now, ticket, client, that_day):
    """Going back renders the page again, and the browser restores the sent text into its form."""
    client.force_login(cast.agent)
    reply, said = f"/desk/{ticket.pk}/reply/", "You have just sent this message"
    sent = send(ticket, cast, now - LATER, text="We look.", files=[SimpleUploadedFile("lines.txt", b"Two lines.")])
    drafts.deliver(sent.pk, at=now)
    drafts.keep(ticket.pk, cast.agent, kind="reply", text="We look.", at=now)
    assert said in client.post(reply, {"text": "We look."}, follow=True).content.decode(), "without its file, which no browser keeps"
    assert not Draft.objects.exists() and Event.objects.filter(kind="message").count() == 1
    assert said not in client.post(reply, {"text": "We look.", "set_status": "pending"}, follow=True).content.decode()
    Draft.objects.all().delete()
    note = {"text": "Ask @Ben Agent", "kind": "note"}
    assert said not in client.post(reply, note, follow=True).content.decode()
    assert said in client.post(reply, note, follow=True).content.decode()
    assert Event.objects.filter(kind="note").count() == cast.agent2.notices.count() == 1
    for _ in range(2):
        assert client.post(f"/desk/{ticket.pk}/ask/", {"text": "Which line?"}).status_code == 302
    assert Event.objects.filter(kind="question").count() == 1


def test_repeat_later_or_after_another_author_is_posted(cast, now, ticket):
    later = now + datetime.timedelta(minutes=10, seconds=1)
    for at in (now, now + datetime.timedelta(minutes=9, seconds=59), later):
        drafts.note(ticket.pk, cast.agent, "Any news?", at=at)
    conversation.reply(ticket.pk, "Not yet.", author=cast.nora, at=later)
    drafts.note(ticket.pk, cast.agent, "Any news?", at=later)
    drafts.note(ticket.pk, cast.agent2, "Any news?", at=later)
    drafts.note(ticket.pk, cast.agent2, "Any news?", files=[SimpleUploadedFile("a.txt", b"News.")], at=later)
    assert Event.objects.filter(kind="note").count() == 5


def test_partners_repeated_reply_is_posted_once(cast, now, ticket, client, that_day):
    client.force_login(cast.nora)
    for times in (1, 2):
        page = client.post(f"/portal/requests/{ticket.pk}/reply/", {"text": "Here it is."}, follow=True).content.decode()
        assert ("You have just sent this message" in page) is (times == 2)
    assert Event.objects.filter(kind="message").count() == 1
