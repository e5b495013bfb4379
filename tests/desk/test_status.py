"""The status set by hand, and conflicting saves."""

import re

import pytest

from tickets.mails import compose
from tickets.models import Event, Ticket
from tickets.services import agent_actions, conversation, execution, handling, search_index, status
from tickets.services.lifecycle import NotNow, claim, move


def change(ticket, to, cast, now, **more):
    status.change(ticket.pk, to, actor=cast.agent, at=now, **more)
    ticket.refresh_from_db()
    return (ticket.status, ticket.waiting_for, ticket.outcome)


def test_only_allowed_statuses_are_offered(cast, now, ticket):
    assert status.choices(ticket) == ["open", "pending", "on_hold", "solved"]
    change(ticket, "open", cast, now)
    assert "open" not in status.choices(ticket)
    change(ticket, "solved", cast, now, text="It is the licence.", outcome="answered")
    assert status.choices(ticket) == ["open"]
    Ticket.objects.update(status="closed")
    ticket.refresh_from_db()
    assert status.choices(ticket) == []
    with pytest.raises(NotNow):
        status.change(ticket.pk, "open", actor=cast.agent, at=now)


def test_status_change_keeps_words_indexed_in_the_meantime(now, ticket, django_assert_num_queries):
    claimed = claim(ticket.pk)
    search_index.add(claimed, "Zephyrville", internal=True)
    with django_assert_num_queries(1):
        move(claimed, "open", at=now)
    assert Ticket.objects.filter(search_internal="zephyrville").get() == ticket


def test_each_status_requires_its_details(cast, now, ticket):
    for to, more in (
        ("pending", {}),
        ("on_hold", {"text": "Why"}),
        ("on_hold", {"waiting_for": "carrier"}),
        ("solved", {"outcome": "answered"}),
    ):
        with pytest.raises(NotNow):
            status.change(ticket.pk, to, actor=cast.agent, at=now, **more)
    assert change(ticket, "pending", cast, now, text="Which invoice?") == ("pending", "partner", "")
    assert change(ticket, "on_hold", cast, now, text="The carrier looks.", waiting_for="carrier") == ("on_hold", "carrier", "")
    assert change(ticket, "open", cast, now) == ("open", "", "")
    assert change(ticket, "solved", cast, now, text="No.", outcome="rejected", reason="duplicate") == ("solved", "", "rejected")
    assert change(ticket, "open", cast, now) == ("open", "", "")
    assert change(ticket, "solved", cast, now, text="As you said.", outcome="withdrawn") == ("solved", "", "withdrawn")
    assert "As you said." in compose(ticket.mails.order_by("pk").last(), at=now).body
    told = Event.objects.filter(ticket=ticket, is_internal=False).values_list("kind", flat=True)
    assert list(told) == ["submitted", "question", "rejected", "reopened", "withdrawn"]


def test_executed_request_is_solved_as_executed(cast, now):
    from tests.tickets.actions import ask, carry_out

    done = carry_out(ask(cast.nora, "did_cancel", now, dids=[cast.did.number]), cast.agent, now)
    conversation.reply(done.pk, "It still rings.", author=cast.nora, at=now)
    done.refresh_from_db()
    assert status.outcomes(done) == ["executed"]
    assert change(done, "solved", cast, now) == ("solved", "", "executed")
    asked = ask(cast.nora, "did_cancel", now, dids=[cast.range.number])
    execution.request_execution(asked.pk, actor=cast.agent, at=now)
    asked.refresh_from_db()
    assert "solved" not in status.choices(asked) and status.outcomes(asked) == []


def seen(ticket):
    return {name: value for name, value in handling.values(ticket).items() if name != "status"}


def test_concurrent_changes_of_different_fields_are_both_saved(cast, now, ticket):
    drawn = seen(ticket)
    handling.save(ticket.pk, assignee=cast.agent, priority=2, seen=drawn, actor=cast.agent, at=now)
    handling.save(ticket.pk, assignee=None, priority=1, seen=drawn, actor=cast.agent2, at=now)
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.priority) == (cast.agent, 1)


def test_conflicting_save_needs_confirmation(cast, now, ticket, client):
    drawn = {f"seen_{name}": value for name, value in handling.values(ticket).items()}
    agent_actions.assign(ticket.pk, cast.agent2, actor=cast.agent2, at=now)
    client.force_login(cast.agent)
    wanted = {"assignee": cast.agent.pk, "priority": "1", **drawn}
    answer = client.post(f"/desk/{ticket.pk}/handling/", wanted)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in page for words in ("Nobody", "Ben Agent", "Ada Agent", "Standard", "Critical"))
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.priority) == (cast.agent2, 2)
    confirmed = wanted | {"seen_assignee": str(cast.agent2.pk)}
    assert client.post(f"/desk/{ticket.pk}/handling/", confirmed).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.priority) == (cast.agent, 1)


def sent_with(page):
    """Return what the form of a conflict page sends as rendered."""
    form = page.partition('class="conflict')[2].partition("</form>")[0]
    values = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return values | dict(re.findall(r'type="radio" name="(\w+)" value="(\w+)" checked', form))


def test_conflicts_are_resolved_field_by_field(cast, now, ticket, client):
    drawn = {f"seen_{name}": value for name, value in handling.values(ticket).items()}
    path = f"/desk/{ticket.pk}/handling/"
    client.force_login(cast.agent)

    def saved():
        ticket.refresh_from_db()
        return (ticket.assignee, ticket.priority)

    agent_actions.assign(ticket.pk, cast.agent2, actor=cast.agent2, at=now)
    form = sent_with(client.post(path, {"assignee": cast.agent.pk, "priority": "1", **drawn}).content.decode())
    assert (form["take_assignee"], form["take_priority"]) == ("theirs", "mine")  # only the owner clashes
    agent_actions.assign(ticket.pk, cast.lead, actor=cast.lead, at=now)
    again = client.post(path, form | {"take_assignee": "mine"})
    assert again.status_code == 409 and saved() == (cast.lead, 2)
    form = sent_with(again.content.decode())
    assert (form["take_assignee"], form["take_priority"], form["assignee"]) == ("theirs", "mine", str(cast.agent.pk))
    assert client.post(path, form).status_code == 302 and saved() == (cast.lead, 1)
    late = form | {"take_assignee": "mine", "take_priority": "theirs", "seen_priority": "1", "priority": "2"}
    assert client.post(path, late).status_code == 302 and saved() == (cast.agent, 1)


def test_taking_a_colleagues_ticket_needs_confirmation(cast, now, ticket, client):
    client.force_login(cast.agent)
    drawn = dict(re.findall(r'name="(seen_assignee)" value="(\d*)"', client.get(f"/desk/{ticket.pk}/").text.partition("/take/")[2]))
    agent_actions.assign(ticket.pk, cast.agent2, actor=cast.agent2, at=now)
    asked = client.post(f"/desk/{ticket.pk}/take/", drawn)
    assert asked.status_code == 409 and cast.agent2.full_name in asked.text
    form = sent_with(asked.text)
    assert client.post(f"/desk/{ticket.pk}/take/", form).status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee == cast.agent2
    assert client.post(f"/desk/{ticket.pk}/take/", form | {"take_assignee": "mine"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee == cast.agent


def test_abandoned_status_change_keeps_the_text(cast, now, ticket, client):
    client.force_login(cast.agent)
    conversation.ask_partner(ticket.pk, "Which one?", author=cast.agent2, at=now)
    sent = {"status": "solved", "text": "It <is> done.", "outcome": "answered", "seen_status": "new"}
    page = client.post(f"/desk/{ticket.pk}/handling/", sent).content.decode()
    assert "It &lt;is&gt; done.</textarea>" in page
    answer = client.post(f"/desk/{ticket.pk}/handling/", sent_with(page) | {"text": "It <is> done, really."})
    assert answer.status_code == 200 and "It &lt;is&gt; done, really.</textarea>" in answer.content.decode()
    assert Ticket.objects.get().status == "pending" and Event.objects.filter(kind="answered").count() == 0


def test_concurrent_status_change_is_shown_as_a_conflict(cast, now, ticket, client):
    client.force_login(cast.agent)
    conversation.ask_partner(ticket.pk, "Which one?", author=cast.agent2, at=now)
    answer = client.post(f"/desk/{ticket.pk}/handling/", {"status": "solved", "text": "Done.", "outcome": "answered", "seen_status": "new"})
    assert answer.status_code == 409 and "Waiting for partner" in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.status == "pending"
    client.post(f"/desk/{ticket.pk}/handling/", {"status": "solved", "text": "Done.", "outcome": "answered", "seen_status": "pending"})
    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome) == ("solved", "answered")
