"""Merged and split, linked and followed: how tickets are related, and who is notified."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from desk.models import Notice
from desk.services import bulk, follower_notices
from partners.models import User
from tests.desk.conftest import question
from tests.markup import flat
from tests.tickets.actions import ask, carry_out
from tests.tickets.test_files import PDF
from tickets.mails import compose
from tickets.models import Event, Follower, Mail, Ticket, TicketLink
from tickets.services import agent_actions, clocks, conversation, execution, followers, links, merging, tags
from tickets.services.lifecycle import NotNow


@pytest.fixture
def colleague(cast):
    return User.objects.create_user("nils@nord.example", full_name="Nils Nord", partner=cast.nord)


@pytest.fixture
def other(cast, now):
    return question(cast, now, subject="The same lines again", message="I asked this before.")


def state(ticket):
    ticket.refresh_from_db()
    return (ticket.status, ticket.waiting_for, ticket.outcome, ticket.merged_into_id)


def test_merge_shows_the_conversation_in_the_target_and_can_be_undone(cast, now, ticket, other, client):
    conversation.ask_partner(other.pk, "Which lines?", author=cast.agent, at=now)
    conversation.note(other.pk, "Zanzibar", author=cast.agent, at=now)
    before = state(other)
    merging.merge(other.pk, ticket.pk, actor=cast.agent, at=now)
    assert state(other) == ("solved", "", "merged", ticket.pk)
    assert Mail.objects.filter(ticket=other, kind="progress", to=cast.nora.email).exists()
    client.force_login(cast.agent)
    assert all(
        words in client.get(f"/desk/{ticket.pk}/").content.decode() for words in ("I asked this before.", "Which lines?", "Zanzibar")
    )
    client.force_login(cast.nora)
    page, merged = (client.get(f"/portal/requests/{t.pk}/").content.decode() for t in (ticket, other))
    assert "I asked this before." in page and "Zanzibar" not in page + merged
    assert "This continues in request" in merged and "composer" not in merged
    for author in (cast.nora, cast.agent):
        with pytest.raises(NotNow):
            conversation.reply(other.pk, "Hello?", author=author, at=now)
    merging.unmerge(other.pk, actor=cast.agent, at=now)
    assert state(other) == before
    assert [event.data for event in ticket.events.filter(kind="linked").order_by("pk")] == [
        {"how": "merged_here", "other": other.pk},
        {"how": "unmerged_here", "other": other.pk},
    ]
    assert not TicketLink.objects.exists() and "I asked this before." not in client.get(f"/portal/requests/{ticket.pk}/").content.decode()
    merging.merge(other.pk, ticket.pk, actor=cast.agent, at=now)
    Ticket.objects.filter(pk=other.pk).update(status="closed")
    with pytest.raises(NotNow):
        merging.unmerge(other.pk, actor=cast.agent, at=now)


def test_merged_events_name_their_original_ticket(cast, now, client):
    ticket, other = (ask(cast.nora, "did_cancel", now, dids=[cast.did.number]) for _time in range(2))
    merging.merge(other.pk, ticket.pk, actor=cast.agent, at=now)
    for user, path, of in (
        (cast.agent, "desk", f'<a href="/desk/{other.pk}/">#{other.pk}</a>'),
        (cast.nora, "portal/requests", f"#{other.pk}"),
    ):
        client.force_login(user)
        rows = [one for one in flat(client.get(f"/{path}/{ticket.pk}/")).split("<li ") if "submitted the request" in one]
        assert [f'<span class="small">{of}</span>' in row for row in rows] in ([False, True], [True, False])


def test_requester_of_a_merged_ticket_follows_the_target_until_undone(cast, now, ticket, colleague):
    theirs = ask(colleague, "general_question", now, topic="Billing", subject="Lines", message="Which lines are these?")
    before = clocks.values(theirs)
    merging.merge(theirs.pk, ticket.pk, actor=cast.agent, at=now)
    conversation.reply(ticket.pk, "It is the licence.", author=cast.agent, at=now)
    assert set(Mail.objects.filter(ticket=ticket, kind="message").values_list("to", flat=True)) == {cast.nora.email, colleague.email}
    merging.unmerge(theirs.pk, actor=cast.agent, at=now + timedelta(minutes=1))
    assert not Follower.objects.exists() and state(theirs)[0] == "new"
    assert clocks.values(theirs) == before and theirs.first_due_at and not theirs.first_answered_at  # nobody has answered yet
    told = Mail.objects.filter(ticket=theirs, kind="progress").order_by("pk").last()
    assert "is separate from" in compose(told, at=now).body


def test_merged_ticket_cannot_be_reopened(cast, now, ticket, other):
    merging.merge(other.pk, ticket.pk, actor=cast.agent, at=now)
    for status in ("open", "pending", "on_hold"):
        with pytest.raises(NotNow):
            agent_actions.set_status(other.pk, status, actor=cast.agent, at=now)
    reopening = [{"do": "status", "value": "open"}]
    both = bulk.tickets_of(user=cast.agent, at=now, numbers=[ticket.pk, other.pk])
    assert bulk.preview(both, reopening, actor=cast.agent) == {"total": 2, "refused": 1, "lacking": 0, "idle": 0}
    assert state(other) == ("solved", "", "merged", ticket.pk)


def test_impossible_merges_are_rejected(cast, now, ticket, other):
    foreign = ask(cast.sara, "general_question", now, topic="Billing", subject="Sud", message="A question of ours.")
    done = carry_out(ask(cast.nora, "did_cancel", now, dids=[cast.did.number]), cast.agent, now)
    for one, into in ((other, foreign), (other, other), (done, ticket), (other, done)):
        with pytest.raises(NotNow):
            merging.merge(one.pk, into.pk, actor=cast.agent, at=now)
    with pytest.raises(NotNow):
        merging.merge(other.pk, 999_999, actor=cast.agent, at=now)
    priced = ask(cast.nora, "did_cancel", now, dids=[cast.range.number])
    priced.charges.create(fee="x", title="Fee", amount="1.00", currency="EUR", payer=cast.nord, moment="executed", due_at=now)
    with pytest.raises(NotNow):
        merging.merge(priced.pk, ticket.pk, actor=cast.agent, at=now)
    merging.merge(other.pk, ticket.pk, actor=cast.agent, at=now)
    with pytest.raises(NotNow):  # the target of a merge stays
        merging.merge(ticket.pk, question(cast, now).pk, actor=cast.agent, at=now)


def test_request_that_is_over_or_being_carried_out_cannot_be_merged(cast, now, ticket, other, rma):
    conversation.answer(other.pk, "It is the licence.", author=cast.agent, at=now)
    execution.request_execution(rma.pk, actor=cast.agent, at=now)
    for number in (other.pk, rma.pk):
        with pytest.raises(NotNow):
            merging.merge(number, ticket.pk, actor=cast.agent, at=now)
    execution.execute(rma.pk, at=now)
    with pytest.raises(NotNow):  # its steps are still open
        merging.merge(rma.pk, ticket.pk, actor=cast.agent, at=now)
    assert [state(one)[2:] for one in (other, rma)] == [("answered", None), ("", None)]


def test_undoing_a_merge_leaves_earlier_followers(cast, now, ticket, colleague):
    theirs = ask(colleague, "general_question", now, topic="Billing", subject="Lines", message="Which lines are these?")
    followers.follow(ticket.pk, colleague, by=cast.nora, at=now)
    merging.merge(theirs.pk, ticket.pk, actor=cast.agent, at=now)
    merging.unmerge(theirs.pk, actor=cast.agent, at=now)
    assert [one.user for one in ticket.followers.all()] == [colleague]


def test_partner_message_can_be_split_off_once(cast, now, ticket):
    said = conversation.reply(ticket.pk, "By the way, calls drop since Monday.", author=cast.nora, at=now)
    new = links.split(ticket.pk, said.pk, subject="", actor=cast.agent, at=now)
    assert (new.requester, new.partner, new.type_code, new.answers["message"]) == (cast.nora, cast.nord, "general_question", said.body)
    assert [row["how"] for row in links.of(new, cast.nora)] == ["was split from"]
    assert [row["number"] for row in links.of(ticket, cast.nora)] == [new.pk]
    note = conversation.note(ticket.pk, "Zanzibar", author=cast.agent, at=now)
    ours = conversation.reply(ticket.pk, "Which calls?", author=cast.agent, at=now)
    for event in (said.pk, note.pk, ours.pk, 0):
        with pytest.raises(NotNow):
            links.split(ticket.pk, event, subject="", actor=cast.agent, at=now)


def test_split_message_keeps_its_author_and_files(cast, now, ticket, colleague):
    file = SimpleUploadedFile("invoice.pdf", PDF)
    said = conversation.reply(ticket.pk, "And this invoice?", author=colleague, at=now, files=[file])
    new = links.split(ticket.pk, said.pk, subject="", actor=cast.agent, at=now)
    assert new.requester == colleague and [(one.name, one.uploaded_by) for one in new.attachments.all()] == [("invoice.pdf", colleague)]


def test_message_of_another_ticket_cannot_be_split_off(cast, now, ticket):
    foreign = ask(cast.sara, "general_question", now, topic="Billing", subject="Sud", message="A question of ours.")
    with pytest.raises(NotNow):
        links.split(ticket.pk, foreign.events.get(kind="submitted").pk, subject="", actor=cast.agent, at=now)


def test_split_requires_a_subject_and_is_explained_to_the_partner(cast, now, ticket, client):
    said = conversation.reply(ticket.pk, "\nBy the way, calls drop.\nSince Monday.", author=cast.nora, at=now)
    client.force_login(cast.agent)
    path = f"/desk/{ticket.pk}/split/"
    page = client.post(path, {"event": said.pk}).content.decode()
    assert 'value="By the way, calls drop."' in page and not TicketLink.objects.exists()
    assert 'id="split-subject_error"' in client.post(path, {"event": said.pk, "subject": " "}).content.decode()
    assert client.post(path, {"event": said.pk, "subject": "Calls drop"}).status_code == 302
    new = Ticket.objects.get(subject="Calls drop")
    assert f"part of your request #{ticket.pk} a separate request" in compose(new.mails.get(), at=now).body
    client.force_login(cast.nora)
    assert f"opened this for part of #{ticket.pk}" in client.get(f"/portal/requests/{new.pk}/").content.decode()


def test_links_are_symmetric_and_removable(cast, now, ticket, other):
    links.link(other.pk, ticket.pk, actor=cast.agent, at=now)
    links.link(ticket.pk, other.pk, actor=cast.agent, at=now)
    assert TicketLink.objects.count() == 1
    assert [row["number"] for row in links.of(ticket, cast.agent)] == [other.pk]
    links.unlink(other.pk, ticket.pk, actor=cast.agent, at=now)
    assert links.of(ticket, cast.agent) == []
    assert not Event.objects.filter(kind="linked", is_internal=False).exists(), "partners are told of none of it"


@pytest.mark.parametrize("who", ["nora", "agent"])
def test_closed_ticket_continues_in_one_follow_up(cast, now, ticket, client, who):
    client.force_login(getattr(cast, who))
    place = "portal/requests" if who == "nora" else "desk"
    words = {"text": "It happened once more today."}
    client.post(f"/{place}/{ticket.pk}/follow-up/", words)
    assert not TicketLink.objects.exists()
    Ticket.objects.update(status="closed", outcome="answered")
    assert "follow-up" in client.get(f"/{place}/{ticket.pk}/").content.decode()
    twice = [client.post(f"/{place}/{ticket.pk}/follow-up/", words) for _click in range(2)]
    assert twice[0]["Location"] == twice[1]["Location"]
    new = TicketLink.objects.get(kind="follow_up", other=ticket).ticket
    assert (new.requester, new.subject) == (cast.nora, "Follow-up: Two lines on the invoice")


def test_each_persons_follow_up_is_its_own_and_a_solved_one_is_not_continued(cast, now, ticket, colleague):
    Ticket.objects.update(status="closed", outcome="answered")
    first, theirs = (links.follow_up(ticket.pk, "Again.", actor=one, at=now) for one in (cast.nora, colleague))
    conversation.answer(first.pk, "Solved once more.", author=cast.agent, at=now)
    second = links.follow_up(ticket.pk, "Again.", actor=cast.nora, at=now)
    assert [one.requester for one in (first, theirs, second)] == [cast.nora, colleague, cast.nora]
    assert len({first.pk, theirs.pk, second.pk}) == 3
    told = [event.data["how"] for event in ticket.events.filter(kind="linked")]
    assert told == ["followed_up"] * 3


@pytest.mark.parametrize(
    ("form", "text"), [("follow-up", "Bitte prüfen Sie den Auftrag noch einmal, die Lage hat sich geändert."), ("reply", "One thing more.")]
)
def test_text_for_a_closed_request_is_kept_in_the_follow_up_form(cast, ticket, client, form, text):
    Ticket.objects.update(status="closed", outcome="answered")
    client.force_login(cast.nora)
    page = client.post(f"/portal/requests/{ticket.pk}/{form}/", {"text": text})
    assert page.status_code == 400 and f">{text}</textarea>" in page.text
    assert 'id="follow-up-error"' in page.text and not TicketLink.objects.exists()


def test_followers_are_notified_by_email_and_staff_on_the_desk(cast, now, ticket, colleague, client):
    client.force_login(cast.nora)
    client.post(f"/portal/requests/{ticket.pk}/followers/", {"user": colleague.pk})
    assert client.post(f"/portal/requests/{ticket.pk}/followers/", {"user": cast.sara.pk}).status_code == 404
    assert client.post(f"/portal/requests/{ticket.pk}/followers/", {"user": cast.agent.pk}).status_code == 404
    followers.follow(ticket.pk, cast.agent2, by=cast.agent, at=now)
    with pytest.raises(NotNow):
        followers.follow(ticket.pk, cast.sara, by=cast.agent, at=now)
    conversation.reply(ticket.pk, "It is the licence.", author=cast.agent, at=now)
    assert set(Mail.objects.filter(ticket=ticket, kind="message").values_list("to", flat=True)) == {cast.nora.email, colleague.email}
    assert (follower_notices.notify_followers(at=now), follower_notices.notify_followers(at=now)) == (1, 0)
    news = Notice.objects.get()
    assert (news.user, news.get_kind_display(), news.text) == (cast.agent2, "news on a ticket you follow", "Ada Agent: It is the licence.")
    page = client.get(f"/portal/requests/{ticket.pk}/").content.decode()
    assert "Nils Nord" in page and "Ben Agent" not in page
    followers.unfollow(ticket.pk, colleague, by=cast.nora, at=now)
    assert [f.user for f in Follower.objects.all()] == [cast.agent2]


def test_follower_is_notified_after_a_long_worker_outage(cast, now, ticket):
    cache.delete(follower_notices.LAST)  # a real worker of other tests may have run
    followers.follow(ticket.pk, cast.agent2, by=cast.agent, at=now)
    assert follower_notices.notify_followers(at=now) == 0
    conversation.reply(ticket.pk, "It is the licence.", author=cast.agent, at=now)
    assert (
        follower_notices.notify_followers(at=now + timedelta(days=1)),
        follower_notices.notify_followers(at=now + timedelta(days=1)),
    ) == (1, 0)


def test_followers_email_greets_the_follower(cast, now, ticket, colleague):
    from tickets.mails import compose

    followers.follow(ticket.pk, colleague, by=cast.nora, at=now)
    conversation.reply(ticket.pk, "It is the licence.", author=cast.agent, at=now)
    mail = compose(Mail.objects.get(to=colleague.email), at=now)
    assert "Hello Nils Nord" in mail.body and "It is the licence." in mail.body


def test_tags_are_added_removed_and_suggested(cast, now, ticket, client):
    tags.change(ticket.pk, actor=cast.agent, at=now, add=["  Price   LIST ", "invoice", "price list"])
    client.force_login(cast.agent)
    client.post(f"/desk/{ticket.pk}/tags/", {"add": "urgent, invoice"})
    client.post(f"/desk/{ticket.pk}/tags/", {"remove": "invoice"})
    ticket.refresh_from_db()
    assert ticket.tags == ["price list", "urgent"]
    assert set(tags.used(cast.agent)) == {"price list", "urgent"}
    assert 'value="price list"' in client.get("/desk/tags/").content.decode()
    assert Event.objects.filter(ticket=ticket, data__field="tags", is_internal=True).count() == 3
    with pytest.raises(NotNow):
        tags.change(ticket.pk, actor=cast.agent, at=now, add=[f"t{place}" for place in range(30)])
    answer = client.post(f"/desk/{ticket.pk}/tags/", {"add": "short, " + "l" * 41})
    assert answer.status_code == 400 and "at most 40 characters" in answer.content.decode()
    assert f'value="short, {"l" * 41}"' in answer.content.decode(), "it comes back as it was typed"
    assert set(tags.used(cast.agent)) == {"price list", "urgent"}
    tags.change(ticket.pk, actor=cast.agent, at=now, remove=["price list", "urgent"])
    shown = flat(client.get(f"/desk/{ticket.pk}/?tab=changes"))
    assert re.search(r'diff-old">[^<]+</span>→<span class="diff-new">–</span>', shown)
