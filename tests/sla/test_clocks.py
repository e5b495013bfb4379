"""The clocks of a ticket (SLA-2 to SLA-6: SLA-3, SLA-4, SLA-5) through everything that can happen to it. Nord is served from Rome."""

import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tickets.actions import ask, carry_out, set_policy
from tickets.models import Ticket
from tickets.services import agent_actions, clocks, conversation, service_level
from tickets.services.lifecycle import lock, move

S = Ticket.Status


def utc(text):
    """Return "24 09:15", a day of November and time in UTC; Rome is one hour ahead, and support is open from 8 to 17 UTC."""
    day, clock = text.split()
    return datetime.datetime.fromisoformat(f"2026-11-{day}T{clock}+00:00")


def due(ticket):
    """Return (first, next, solution, earliest) as read from the database, in the same notation."""
    ticket.refresh_from_db()
    times = (ticket.first_due_at, ticket.next_due_at, ticket.solve_due_at, ticket.due_at)
    return tuple(f"{time:%d %H:%M}" if time else None for time in times)


def test_clocks_through_the_life_of_a_ticket(cast, ticket):
    """Submitted at ten on Wednesday; each line is an event, its time, and what is due from then on."""
    number = ticket.pk
    assert due(ticket) == ("18 17:00", None, "24 17:00", "18 17:00")

    conversation.reply(number, "And the fax?", author=cast.nora, at=utc("18 10:30"))
    assert due(ticket) == ("18 17:00", None, "24 17:00", "18 17:00"), "the first answer answers this as well"
    conversation.note(number, "Careful.", author=cast.agent, at=utc("18 10:45"))
    assert ticket.first_answered_at is None, "a note is no answer"

    conversation.reply(number, "Both.", author=cast.agent, at=utc("18 11:00"))
    assert due(ticket) == ("18 17:00", None, "24 17:00", "24 17:00")
    assert (ticket.first_answered_at, ticket.first_minutes, ticket.first_is_late) == (utc("18 11:00"), 60, False)

    conversation.reply(number, "Thanks. When?", author=cast.nora, at=utc("18 20:00"))
    conversation.reply(number, "Hello?", author=cast.nora, at=utc("19 08:00"))
    assert due(ticket) == ("18 17:00", "19 17:00", "24 17:00", "19 17:00"), "counted from the oldest word without an answer"

    conversation.ask_partner(number, "Which one?", author=cast.agent, at=utc("20 09:00"))
    assert due(ticket) == ("18 17:00", None, "24 17:00", None), "while it waits for the partner nothing is due"
    assert (ticket.next_is_late, ticket.awaiting_since) == (True, None)

    conversation.reply(number, "This one.", author=cast.nora, at=utc("24 09:00"))
    assert due(ticket) == ("18 17:00", "24 17:00", "26 17:00", "24 17:00"), "two working days of waiting were added"

    with_hold = lock(number)
    move(with_hold, S.ON_HOLD, at=utc("24 12:00"), waiting_for="carrier")
    assert due(ticket)[3] is None
    move(with_hold, S.PENDING, at=utc("24 18:00"), waiting_for="partner")
    move(with_hold, S.OPEN, at=utc("25 10:00"))
    assert due(ticket) == ("18 17:00", "25 15:00", "27 15:00", "25 15:00"), "seven hours of hold, over the night"
    assert len(ticket.pauses) == 2, "waiting for the carrier, then for the partner, was one pause"

    _reopened_when_solved(cast, ticket)


def _reopened_when_solved(cast, ticket):
    carry_out(ticket, cast.agent, utc("25 11:00"))
    assert due(ticket)[1] is None and due(ticket)[3] is None
    assert (ticket.solve_minutes, ticket.solution_is_late, ticket.awaiting_since) == (1260, False, None)

    conversation.reply(ticket.pk, "It still rings.", author=cast.nora, at=utc("26 12:00"))
    assert due(ticket) == ("18 17:00", "26 17:00", "02 17:00", "26 17:00"), "the solution begins anew"
    assert (ticket.reopened, ticket.solve_minutes, ticket.solving_since) == (1, None, utc("26 12:00"))
    assert ticket.next_is_late, "what was late once stays so, for the reports"


def test_critical_ticket_is_due_within_half_an_hour(cast, ticket):
    agent_actions.prioritize(ticket.pk, 1, actor=cast.agent, at=utc("18 10:05"))
    assert due(ticket) == ("18 10:30", None, "19 09:00", "18 10:30")
    agent_actions.prioritize(ticket.pk, 2, actor=cast.agent, at=utc("18 10:50"))
    assert due(ticket)[0] == "18 17:00"
    agent_actions.prioritize(ticket.pk, 1, actor=cast.agent, at=utc("18 10:55"))
    assert ticket.refresh_from_db() or ticket.first_is_late
    agent_actions.prioritize(ticket.pk, 2, actor=cast.agent, at=utc("18 10:56"))
    assert ticket.refresh_from_db() or not ticket.first_is_late, "what is not met yet is late by the targets of now"


def test_late_answer_stays_late(cast, ticket):
    conversation.reply(ticket.pk, "Sorry.", author=cast.agent, at=utc("19 09:00"))
    assert due(ticket)[3] == "24 17:00"
    assert (ticket.first_is_late, ticket.first_minutes) == (True, 480)
    agent_actions.reject(ticket.pk, "other", "No.", actor=cast.agent, at=utc("25 09:00"))
    ticket.refresh_from_db()
    assert (ticket.solution_is_late, ticket.next_is_late, ticket.due_at) == (True, False, None)


def test_withdrawn_ticket_counts_as_neither_answered_nor_solved(cast, ticket):
    agent_actions.withdraw(ticket.pk, actor=cast.nora, at=utc("18 11:00"))
    assert due(ticket) == (None, None, "24 17:00", None)
    assert (ticket.first_answered_at, ticket.first_minutes, ticket.solve_minutes) == (None, None, None)
    conversation.reply(ticket.pk, "After all, do it.", author=cast.nora, at=utc("20 12:00"))
    assert due(ticket) == ("20 17:00", None, "26 17:00", "20 17:00"), "nobody has answered yet: from now on"


def test_request_that_waits_from_the_start_is_not_late(cast, now):
    ticket = ask(cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="ALBION", description="All of it moves.")
    assert ticket.status == "on_hold" and due(ticket)[3] is None
    fresh = lock(ticket.pk)
    move(fresh, S.OPEN, at=utc("25 10:00"))
    assert due(ticket) == ("25 17:00", None, "01 17:00", "25 17:00")


def test_automatic_answer_stops_the_clocks_immediately(cast, now):
    cast.did.migration_code = "MIG-1"
    cast.did.save()
    ticket = ask(cast.nora, "did_migration_code", now, did=cast.did.number)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.first_minutes, ticket.solve_minutes, ticket.due_at) == ("solved", 0, 0, None)
    assert ticket.search, "and is found by its words"


def test_changed_values_are_applied_exactly_once(cast, now, ticket):
    """A changed calendar and target count from the beginning of each clock, over the same pauses; a second run finds nothing."""
    conversation.ask_partner(ticket.pk, "Which?", author=cast.agent, at=utc("18 12:00"))
    conversation.reply(ticket.pk, "This.", author=cast.nora, at=utc("18 14:00"))
    assert due(ticket) == ("18 17:00", "18 17:00", "25 10:00", "18 17:00")
    assert service_level.recalculate_stale(at=utc("18 14:05")) == 0
    set_policy("sla.support_hours", "00:00–24:00", now.date(), cast.admin)
    set_policy("sla.next_answer", [["standard", "did_cancel", "90 minutes"], ["standard", "*", "5 minutes"]], now.date(), cast.admin)
    set_policy("sla.solution", [["standard", "*", "2 hours"]], datetime.date(2026, 11, 20), cast.admin)
    assert service_level.recalculate_stale(at=utc("18 14:10")) == 1
    worked_out = due(ticket)
    assert worked_out == ("18 17:00", "18 15:30", "25 01:00", "18 15:30"), "what was answered keeps its due time"
    assert service_level.recalculate_stale(at=utc("18 14:11")) == 0
    assert due(ticket) == worked_out
    assert service_level.recalculate_stale(at=utc("20 00:01")) == 1, "what was announced begins"
    assert due(ticket)[2] == "18 12:00", "before the partner was asked anything"


def test_older_tickets_get_clocks(cast, now, ticket):
    conversation.ask_partner(ticket.pk, "Which?", author=cast.agent, at=utc("18 11:00"))
    nothing = {"first_due_at": None, "first_answered_at": None, "solving_since": None, "solve_due_at": None, "due_at": None}
    Ticket.objects.update(**nothing, pauses=[], awaiting_since=None, sla_stamp=-1)
    assert service_level.recalculate_stale(at=utc("18 12:00")) == 1
    ticket.refresh_from_db()
    assert (ticket.first_answered_at, ticket.solve_due_at, ticket.due_at) == (utc("18 11:00"), utc("24 17:00"), None)
    assert ticket.pauses == [["2026-11-18T11:00:00+00:00", None]]


def test_overdue_clock_is_marked_late_once(cast, now, ticket):
    assert service_level.mark_late(at=utc("18 17:00")) == 0
    assert service_level.mark_late(at=utc("18 17:01")) == 1
    assert service_level.mark_late(at=utc("18 17:02")) == 0
    assert service_level.mark_late(at=utc("24 17:01")) == 1, "the other clock, though the first is still what is due"
    ticket.refresh_from_db()
    assert (ticket.first_is_late, ticket.next_is_late, ticket.solution_is_late) == (True, False, True)


def test_clocks_take_no_extra_queries(cast, now, ticket, monkeypatch):
    """Submitting, replying and moving take as many queries as without clocks: a process reads the values once a minute."""

    def asked(act):
        with CaptureQueriesContext(connection) as questions:
            act()
        return [q["sql"] for q in questions.captured_queries if "sla." in q["sql"] or q["sql"].startswith('UPDATE "tickets_ticket"')]

    clocks.promises(now)
    assert asked(lambda: ask(cast.nora, "did_cancel", now, dids=[cast.range.number])) == [], "all is written with the ticket"
    conversation.reply(ticket.pk, "We look.", author=cast.agent, at=now)
    for author in (cast.nora, cast.agent):
        assert len(asked(lambda author=author: conversation.reply(ticket.pk, "Well.", author=author, at=now))) == 1
