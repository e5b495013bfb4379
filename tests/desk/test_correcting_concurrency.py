"""A correction and another action at the same moment: one comes first, the other meets its result; nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from classound.models import Did
from tests.tickets.actions import ask
from tickets.models import Event, Mail, Ticket
from tickets.services import correcting, execution
from tickets.services.handling import Conflict
from tickets.services.lifecycle import NotNow
from tickets.types import kind_of

pytestmark = pytest.mark.django_db(transaction=True)


def concurrently(*acts):
    """Return each act's result or exception: all started together, each on its own connection."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait(timeout=30)
            return act()
        except (NotNow, Conflict, correcting.Refused) as met:
            return met
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as people:
        return [each.result(timeout=60) for each in [people.submit(run, act) for act in acts]]


def test_two_corrections_and_the_execution_are_serialised(cast, now):
    """Two people correct the same number to different ones while a third has it executed."""
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="Closed.")
    kind, others = kind_of(ticket), (cast.range.number, cast.young.number)
    Did.objects.filter(pk=cast.young.pk).update(activated_on=cast.did.activated_on)
    seen = correcting.texts(kind, ticket.answers)

    def correct(agent, number):
        given = {"dids": [number], "reason": "Closed."}
        return correcting.correct(ticket.pk, given, seen=seen, actor=agent, at=now)

    def carry_out():
        execution.request_execution(ticket.pk, actor=cast.lead, at=now)
        execution.execute(ticket.pk, at=now)

    first, second, _done = concurrently(lambda: correct(cast.agent, others[0]), lambda: correct(cast.agent2, others[1]), carry_out)
    execution.execute(ticket.pk, at=now)  # a worker that finds the ticket locked leaves it to the next one
    ticket = Ticket.objects.get(pk=ticket.pk)
    saved = [number for number, gave in zip(others, (first, second), strict=True) if isinstance(gave, Event)]
    assert len(saved) <= 1, "the other one met a conflict, or both came too late"
    asked = saved or [cast.did.number]
    assert (ticket.answers["dids"], ticket.outcome) == (asked, "executed")
    assert list(Did.objects.filter(status="cancelled").values_list("number", flat=True)) == asked
    assert ticket.events.filter(data__has_key="corrections").count() == len(saved)
    told = [f"progress:{ticket.pk}:{event.pk}" for event in ticket.events.filter(data__has_key="corrections")]
    assert Mail.objects.filter(key__in=told).count() == len(saved)


def test_form_sent_twice_corrects_once(cast, now):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="Closed.")
    seen = correcting.texts(kind_of(ticket), ticket.answers)
    given = {"dids": [cast.range.number], "reason": "Closed."}
    gave = concurrently(*[lambda: correcting.correct(ticket.pk, given, seen=seen, actor=cast.agent, at=now)] * 2)
    assert sorted(event is None for event in gave) == [False, True]
    assert ticket.events.filter(data__has_key="corrections").count() == 1
