"""Automations act once for each cause, whenever its transaction ended, and trigger neither themselves nor each other."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections

from desk import tasks
from desk.models import Automation, AutomationRun, EventReader
from desk.pages import automations as pages
from desk.services import automations
from tests.tickets.actions import ask, carry_out, take
from tickets.models import Event, Ticket
from tickets.pages import timeline
from tickets.services import consents, conversation, tags
from tickets.services.lifecycle import record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
TAG = [{"do": "tag", "value": "seen"}]


@pytest.fixture
def automate(cast, now):
    """automate(when, conditions, actions) switches an automation on, and starts the reader."""

    def make(when, conditions=(), actions=TAG, **fields):
        made = Automation(title=fields.pop("title", when), when=when, conditions=list(conditions), actions=actions, **fields)
        automations.save(made, by=cast.lead, at=now)
        automations.switch(made, True, by=cast.lead, at=now)
        EventReader.objects.update_or_create(pk=1, defaults={"seen": made.seen_event or 1})
        return made

    return make


def tags_of(ticket):
    return Ticket.objects.get(pk=ticket.pk).tags


def test_automation_runs_once_per_event(cast, now, open_question, automate):
    made = automate(
        "message", [{"if": "type", "value": "general_question"}, {"if": "type", "value": "rma"}, {"if": "owner", "value": "nobody"}]
    )
    conversation.reply(open_question.pk, "Well?", author=cast.agent, at=now)
    tasks.automate()
    assert not AutomationRun.objects.exists(), "that was not the partner"
    conversation.reply(open_question.pk, "Well?", author=cast.nora, at=now)
    before = Ticket.objects.get(pk=open_question.pk).updated_at
    tasks.automate(), tasks.automate()
    run = AutomationRun.objects.get()
    assert (tags_of(open_question), run.did, run.error) == (["seen"], ["Add the tag “seen”"], "")
    event = open_question.events.last()
    assert (event.actor, event.data["automation"], event.data["by"]) == (None, made.pk, "message")
    told = timeline.entries(open_question, [event], user=cast.agent, files={})[0]
    assert (told["author"], told["changes"][0]["new"]) == ("message", "seen")
    assert Ticket.objects.get(pk=open_question.pk).updated_at == before


def test_automation_skips_tickets_that_do_not_match(cast, now, open_question, automate):
    automate("message", [{"if": "region", "value": "UK"}])
    conversation.reply(open_question.pk, "Well?", author=cast.nora, at=now)
    tasks.automate()
    assert tags_of(open_question) == [] and not AutomationRun.objects.exists()


@pytest.mark.parametrize(
    ("what", "value", "fits"),
    [
        ("type", "general_question", True),
        ("topic", "Billing", False),
        ("status", "new", True),
        ("waiting_for", "carrier", False),
        ("priority", "1", False),
        ("owner", "set", False),
        ("region", "EU", True),
        ("outcome", "allowed", True),
        ("partner", "NORD", True),
        ("tag", "x", False),
        ("untagged", "x", True),
        ("fee", "0", False),
    ],
)
def test_condition_matches_its_tickets(cast, now, open_question, what, value, fits):
    asked = Automation(when="submitted", conditions=[{"if": what, "value": value}])
    assert automations.matches(asked, at=now).exists() is fits


def test_fee_condition_compares_the_amount(cast, now):
    rma = ask(
        cast.alba, "rma", now, accepted="34", serial="SN-PUB", kind="warranty", fault="Dark.", replacement="new", delivery_address="Leeds"
    )
    for least, fits in (("33.99", True), ("34", False)):
        asked = Automation(when="submitted", conditions=[{"if": "fee", "value": least}])
        assert automations.matches(asked, at=now).filter(pk=rma.pk).exists() is fits


def test_automations_do_not_trigger_each_other(cast, now, open_question, automate):
    automate("note", actions=[{"do": "note", "value": "A note of the note."}])
    automate("status", actions=[{"do": "status", "value": "pending"}, {"do": "note", "value": "Waiting."}])
    conversation.note(open_question.pk, "Mind this one.", author=cast.agent, at=now)
    for _beat in range(3):
        tasks.automate()
    assert list(open_question.events.filter(kind="note").values_list("body", flat=True)) == ["Mind this one.", "A note of the note."]


def test_reminder_does_not_count_as_a_confirmation(cast, now, automate):
    automate("confirmation")
    moved = ask(cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="SUD", description="It asked us.")
    consents.send_again(moved.pk, "subject", actor=cast.agent, at=now)
    tasks.automate()
    assert tags_of(moved) == []
    consents.decide(moved.confirmations.first(), "declined", name="Nils", at=now)
    tasks.automate()
    assert tags_of(moved) == ["seen"]


def test_failed_run_is_logged_and_rolled_back(cast, now, open_question, automate):
    made = automate("message", actions=[*TAG, {"do": "ask", "value": "Is {allowed_from} fine?"}])
    conversation.reply(open_question.pk, "Well?", author=cast.nora, at=now)
    tasks.automate()
    run = made.runs.get()
    assert tags_of(open_question) == [] and run.did == [] and "allowed_from" in run.error
    assert automations.to_do() == []


def test_time_automation_runs_once_per_update(cast, now, open_question, automate):
    made = automate("time", since="updated", hours=24)
    tasks.automate_by_time()
    assert not made.runs.exists()
    with time_machine.travel(now + timedelta(hours=25), tick=True):
        tasks.automate_by_time(), tasks.automate_by_time()
        assert made.runs.count() == 1 and tags_of(open_question) == ["seen"]
        conversation.reply(open_question.pk, "Well?", author=cast.nora, at=now + timedelta(hours=25))
    with time_machine.travel(now + timedelta(hours=50), tick=True):
        tasks.automate_by_time()
    assert made.runs.count() == 2


def test_porting_change_with_a_silent_carrier_returns_to_the_team(cast, now, automate):
    actions = [{"do": "status", "value": "open"}, *TAG]
    automate("time", [{"if": "waiting_for", "value": "carrier"}], actions, since="updated", hours=72)
    change, by_then = {"requested_date": (now + timedelta(days=40)).date(), "acknowledge_not_guaranteed": "on"}, now + timedelta(hours=72)
    ticket = carry_out(ask(cast.nora, "porting_date_change", now, accepted="50.00", did=cast.porting.number, **change), cast.agent, now)
    for at, found in ((by_then - timedelta(minutes=1), (["on_hold", "carrier"], [])), (by_then, (["open", ""], ["seen"]))):
        with time_machine.travel(at, tick=False):
            tasks.automate_by_time()
        ticket.refresh_from_db()
        assert ([ticket.status, ticket.waiting_for], ticket.tags) == found
    take(ticket, "carrier_outcome", cast.agent, by_then, outcome="refused")
    assert Ticket.objects.get(pk=ticket.pk).outcome == "declined"


def test_time_automation_counts_waiting_for_the_partner(cast, now, open_question, automate):
    made = automate("time", since="waiting", hours=72, actions=[{"do": "reply", "value": "Are you still there, {requester.name}?"}])
    conversation.ask_partner(open_question.pk, "Which hall?", author=cast.agent, at=now)
    with time_machine.travel(now + timedelta(hours=73), tick=True):
        assert automations.matches(made, at=now + timedelta(hours=73)).count() == 1
        tasks.automate_by_time(), tasks.automate_by_time()
    assert open_question.events.filter(body="Are you still there, Nora Nord?", actor=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_event_of_a_late_transaction_is_not_missed(cast, now, open_question, automate):
    made = automate("note")
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:  # takes the lower number, and ends after the higher one has been read
            cursor.execute(
                "INSERT INTO tickets_event (ticket_id, kind, at, body, is_internal, data) VALUES (%s, 'note', %s, '', true, '{}')",
                [open_question.pk, now],
            )
        second = ask(cast.nora, "general_question", now, topic="General", subject="Two", message="Another one?")
        record(second, Event.Kind.NOTE, at=now, actor=cast.agent, internal=True)
        tasks.automate()
        assert (tags_of(open_question), tags_of(second)) == ([], ["seen"])
        other.commit()
    finally:
        other.close()
    tasks.automate(), tasks.automate()
    assert tags_of(open_question) == ["seen"] and made.runs.count() == 2
    assert EventReader.objects.get().gaps == []


def test_automation_ignores_events_before_activation_and_drops_old_gaps(cast, now, open_question, automate):
    tags.change(open_question.pk, add=("old",), actor=cast.agent, at=now)
    automate("submitted")
    tasks.automate()
    assert tags_of(open_question) == ["old"]
    reader = EventReader.objects.get()
    EventReader.objects.update(gaps=[[reader.seen + 5, reader.seen + 9, now.isoformat()]])
    automations.read_events(at=now + timedelta(minutes=1))
    assert EventReader.objects.get().gaps != []
    automations.read_events(at=now + timedelta(minutes=5))
    assert EventReader.objects.get().gaps == []


def test_list_counts_the_last_month_by_an_index(cast, now, open_question, automate, django_assert_num_queries):
    """Runs are kept for ever: beside one and a half million of them the list took more than a second, longer each year."""
    made, idle = automate("message"), automate("note", title="Idle")
    for days, error in ((1, ""), (2, "No."), (40, ""), (400, "No.")):
        at = now - timedelta(days=days)
        AutomationRun.objects.create(automation=made, ticket=open_question, key=f"event:{days}", at=at, done_at=at, error=error)
    AutomationRun.objects.create(automation=made, ticket=open_question, key="event:owed", at=now)
    AutomationRun.objects.create(automation=idle, ticket=open_question, key="event:1", at=now - timedelta(days=90), done_at=now)
    with django_assert_num_queries(2) as asked:
        rows = {row["title"]: (row["ran"], row["failed"], row["last"]) for row in pages.lines(at=now)}
    assert rows == {"message": (2, 1, now - timedelta(days=1)), "Idle": (0, 0, now)}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for question in asked:
            cursor.execute(f"EXPLAIN {question['sql']}")
            assert "run_of_automation" in str(cursor.fetchall())
