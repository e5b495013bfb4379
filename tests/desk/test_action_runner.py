"""Every action is done by the services that pages use, and undone where nobody has changed the ticket since."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from desk.models import CannedAnswer, Notice
from desk.services import action_runner, bulk
from tests.tickets.actions import ask, carry_out, take
from tickets.models import Event, Follower, Mail, Ticket
from tickets.services import agent_actions, clocks, conversation
from tickets.services.lifecycle import NotNow


def do(ticket, actor, at, *pairs, **cause):
    actions = [action_runner.stored_action(code, str(value), user=actor) for code, value in pairs]
    before, after = action_runner.perform(ticket.pk, actions, actor=actor, at=at, **cause)
    ticket.refresh_from_db()
    return before, after


def test_actions_are_on_the_timeline_and_can_be_undone(cast, now, open_question, event_kinds):
    clocks_before = clocks.kept(open_question)
    done = do(
        open_question,
        cast.agent,
        now,
        ("assign", "me"),
        ("priority", 1),
        ("tag", "  Fair Kiel "),
        ("status", "pending"),
        ("follow", ""),
        job=4,
    )
    assert (open_question.assignee, open_question.priority, open_question.tags, open_question.status) == (
        cast.agent,
        1,
        ["fair kiel"],
        "pending",
    )
    assert open_question.waiting_for == "partner" and Follower.objects.filter(ticket=open_question, user=cast.agent).exists()
    assert event_kinds(open_question.pk)[1:] == ["assigned", "status", "status", "status", "followed"]
    assert {e.data.get("job") for e in open_question.events.exclude(kind="submitted")} == {4}
    assert done[0] == {
        "assignee": None,
        "priority": 2,
        "tag:fair kiel": False,
        "status": ["new", "", "", "", clocks_before],
        f"follower:{cast.agent.pk}": False,
    }
    agent_actions.assign(open_question.pk, cast.agent2, actor=cast.lead, at=now)
    assert action_runner.undo(open_question.pk, *done, actor=cast.agent, at=now) == ["assignee"]
    open_question.refresh_from_db()
    assert (open_question.assignee, open_question.priority, open_question.tags, open_question.status) == (cast.agent2, 2, [], "new")
    assert not Follower.objects.exists()


def test_new_owner_is_notified_unless_self_assigned_or_unchanged(cast, now, open_question, many, work, client):
    def news():
        return list(Notice.objects.filter(kind="assigned").order_by("pk").values_list("user", "ticket", "text"))

    mine = (cast.agent2.pk, open_question.pk, "by Ada Agent")
    do(open_question, cast.agent2, now, ("assign", "me"))
    assert news() == []
    do(open_question, cast.agent, now, ("assign", "nobody"))
    do(open_question, cast.agent, now, ("assign", cast.agent2.pk))
    do(open_question, cast.lead, now, ("assign", cast.agent2.pk))
    assert news() == [mine]
    client.force_login(cast.agent)
    address = f"/desk/{open_question.pk}/handling/"
    client.post(address, {"assignee": "", "priority": "2"})
    client.post(address, {"assignee": cast.agent2.pk, "priority": "2"})
    assert news() == [mine, mine]
    program = f"/api/v1/tickets/{open_question.pk}/assign/"
    for address in (None, cast.agent2.email, cast.agent2.email, cast.agent.email):
        assert client.post(program, {"assignee": address}, content_type="application/json").status_code == 200
    client.force_login(cast.agent2)
    client.post(f"/desk/{open_question.pk}/take/")
    assert news() == [mine, mine, mine]
    Notice.objects.filter(pk=Notice.objects.latest("pk").pk).delete()
    numbers = many(3)
    actions = [{"do": "assign", "value": str(cast.agent2.pk)}]
    work(bulk.start(actions=actions, title="Assign", by=cast.agent, at=now, numbers=numbers))
    assert news()[2:] == [(cast.agent2.pk, None, f"3 tickets, including #{numbers[0]}")]


def test_failed_action_undoes_all_others(cast, now, open_question):
    closed = Ticket.objects.filter(pk=open_question.pk)
    closed.update(status="closed")
    with pytest.raises(NotNow), transaction.atomic():
        do(open_question, cast.agent, now, ("tag", "fair"), ("reply", "We are."))
    open_question.refresh_from_db()
    assert open_question.tags == [] and Event.objects.filter(ticket=open_question).count() == 1


def test_only_questions_can_be_set_to_solved(cast, now, open_question):
    do(open_question, cast.agent, now, ("status", "solved"))
    assert (open_question.status, open_question.outcome) == ("solved", "answered")
    request = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    with pytest.raises(NotNow):
        do(request, cast.agent, now, ("status", "solved"))


def test_undo_of_solved_restores_waiting(cast, now, open_question):
    do(open_question, cast.agent, now, ("status", "pending"))
    done = do(open_question, cast.agent, now, ("status", "solved"))
    assert action_runner.undo(open_question.pk, *done, actor=cast.agent, at=now) == []
    open_question.refresh_from_db()
    assert (open_question.status, open_question.waiting_for, open_question.outcome) == ("pending", "partner", "")


def later(hours, now):
    return now + timedelta(hours=hours)


@pytest.mark.parametrize("status", ["solved", "pending", "open"])
def test_undone_status_restores_the_clocks(cast, now, open_question, status):
    if status == "open":
        conversation.answer(open_question.pk, "Ten are 890.00 EUR.", author=cast.agent, at=later(1, now))
    open_question.refresh_from_db()
    was, promised = clocks.kept(open_question), open_question.solve_due_at
    done = do(open_question, cast.lead, later(30, now), ("status", status))
    assert clocks.kept(open_question) != was
    assert action_runner.undo(open_question.pk, *json.loads(json.dumps(done)), actor=cast.lead, at=later(31, now)) == []
    open_question.refresh_from_db()
    assert clocks.kept(open_question) == was and open_question.reopened == 0
    assert open_question.solve_due_at == promised is not None, "also where it was kept long ago"
    assert open_question.status == ("solved" if status == "open" else "new"), "nobody has begun with it"
    assert (open_question.due_at is None) == (status == "open"), "the promise runs, or is kept"


def test_reply_in_the_meantime_keeps_its_clock_met_after_undo(cast, now, open_question):
    done = do(open_question, cast.lead, later(1, now), ("status", "pending"))
    conversation.note(open_question.pk, "A note meets none.", author=cast.agent, at=later(2, now))
    conversation.reply(open_question.pk, "Which ones do you mean?", author=cast.agent, at=later(2, now))
    assert action_runner.undo(open_question.pk, *done, actor=cast.lead, at=later(3, now)) == []
    open_question.refresh_from_db()
    assert (open_question.status, open_question.first_answered_at) == ("open", later(2, now))
    with_words = do(open_question, cast.lead, later(4, now), ("reply", "These are sold out."), ("status", "solved"))
    assert action_runner.undo(open_question.pk, *with_words, actor=cast.lead, at=later(5, now)) == []
    open_question.refresh_from_db()
    assert (open_question.status, open_question.reopened, open_question.awaiting_since) == ("open", 1, None)


def test_executed_request_is_not_restored_to_rejected(cast, now):
    """A request for special numbers is reviewed once it is executed: it waits for nobody, as when it was reopened."""
    ticket = ask(cast.nora, "special_number_access", now, pbx="PBX-FREE", numbers="115", purpose="The town hall.")
    agent_actions.reject(ticket.pk, "other", "Not now.", actor=cast.agent, at=now)
    done = action_runner.perform(ticket.pk, [{"do": "status", "value": "open"}], actor=cast.agent, at=now)
    carry_out(ticket, cast.agent, now)
    assert (ticket.execution, ticket.status) == ("done", "open")
    assert action_runner.undo(ticket.pk, *done, actor=cast.agent, at=now) == ["status"]
    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome) == ("open", "")


def test_reopening_of_an_abandoned_rma_is_undone(cast, now):
    fields = {"serial": "SN-OWNED", "kind": "doa", "fault": "It stays dark.", "replacement": "new", "delivery_address": "Kai 1"}
    ticket = carry_out(ask(cast.nora, "rma", now, **fields), cast.agent, now)
    take(ticket, "given_up", cast.agent, now, why="It never came.")
    done = action_runner.perform(ticket.pk, [{"do": "status", "value": "open"}], actor=cast.agent, at=later(1, now))
    assert action_runner.undo(ticket.pk, *done, actor=cast.agent, at=later(2, now)) == []
    ticket.refresh_from_db()
    assert (ticket.execution, ticket.status, ticket.outcome, ticket.reopened) == ("done", "solved", "withdrawn", 0)


def test_placeholders_are_filled_in_and_never_sent_empty(cast, now, open_question):
    answer = CannedAnswer.objects.create(title="Greeting", body="Dear {requester.name}, about #{ticket.number}. {agent.name}")
    assert do(open_question, cast.agent, now, ("canned", answer.pk), ("note", "Told {partner.name}")) == ({}, {})
    assert [e.body for e in open_question.events.filter(kind__in=("message", "note"))] == [
        f"Dear Nora Nord, about #{open_question.pk}. Ada Agent",
        "Told Nord Telecom",
    ]
    assert Mail.objects.filter(ticket=open_question, kind="message").exists()
    Ticket.objects.filter(pk=open_question.pk).update(subject="My {config} file")
    do(open_question, cast.agent, now, ("note", "About “{ticket.subject}”"))
    assert open_question.events.latest("pk").body == "About “My {config} file”"
    with pytest.raises(NotNow, match="allowed_from"):
        do(open_question, cast.agent, now, ("ask", "Is {allowed_from} fine?"))
    with pytest.raises(ValidationError, match=r"partner\.nme"):
        action_runner.stored_action("reply", "Dear {partner.nme}", user=cast.agent)


@pytest.mark.parametrize(
    ("code", "value"),
    [("tag", " "), ("tag", "x" * 41), ("assign", "x"), ("status", "closed"), ("burn", ""), ("reply", "")],
)
def test_unknown_actions_and_values_are_rejected(cast, code, value):
    with pytest.raises(ValidationError):
        action_runner.stored_action(code, value, user=cast.agent)


def test_tickets_cannot_be_assigned_to_a_contact(cast):
    with pytest.raises(ValidationError):
        action_runner.stored_action("assign", str(cast.nora.pk), user=cast.agent)
