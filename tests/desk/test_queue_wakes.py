"""Tickets that come back while a page of the queue is open are counted there as new."""

import datetime

import time_machine
from django.http import QueryDict

from desk.services import owners, snooze_wakeups
from tests.sla.test_clocks import utc
from tickets.services import conversation
from tickets.services.snoozing import snooze, wake

MOMENT = utc("23 08:00")
MINUTE = datetime.timedelta(minutes=1)


def test_open_queue_page_counts_woken_tickets(client, cast, ticket, now):
    owners.assign(ticket.pk, cast.agent, actor=cast.agent, at=now)
    snooze(ticket.pk, MOMENT, actor=cast.agent, at=now)
    drawn, just_now = MOMENT - MINUTE, MOMENT + MINUTE

    def fresh(query, since=drawn, seen=0):
        answer = client.get("/desk/fresh/", QueryDict(query).dict() | {"since": since.isoformat(), "seen": seen})
        return answer.status_code == 200 and (answer.context["new"], answer.context["changed"])

    with time_machine.travel(just_now, tick=False):
        client.force_login(cast.agent)
        for swept in range(2):  # before the sweep, and after it
            assert [fresh(query) for query in ("", "view=mine", "topic=Billing", "view=unassigned")] == [(1, 0), (1, 0), (1, 0), False]
            assert not any(fresh(query) for query in ("view=all", "q=invoice", "view=snoozed")), "they have shown it all the time"
            assert not fresh("", seen=1) and not fresh("", since=MOMENT), "the page has it already"
            assert snooze_wakeups.wake_due(at=just_now) == 1 - swept
        conversation.reply(ticket.pk, "And a third line.", author=cast.nora, at=just_now)
        assert fresh("") == (0, 1), "it is counted once"


def test_ticket_woken_by_a_colleague_is_counted(client, cast, ticket, now):
    snooze(ticket.pk, MOMENT, actor=cast.agent2, at=now)
    drawn, woken = now + MINUTE, now + 2 * MINUTE
    wake(ticket.pk, actor=cast.agent2, at=woken)
    client.force_login(cast.agent)
    with time_machine.travel(woken + MINUTE, tick=False):
        answer = client.get("/desk/fresh/", {"since": drawn.isoformat(), "seen": 0})
    assert (answer.context["new"], answer.context["changed"]) == (1, 0)
