"""What a load makes up is what the clocks themselves would say."""

import pytest

from estate import load
from tickets.models import Ticket
from tickets.services import clocks


@pytest.mark.django_db(transaction=True)
def test_the_clocks_of_a_load_are_those_of_the_calendars(cast, now):
    list(load.fill(400, now=now))
    running = list(Ticket.objects.filter(status__in=("new", "open")).select_related("partner"))
    made_up = [(t.solve_due_at, t.due_at, t.sla_stamp) for t in running if t.priority == 2]
    for ticket in running:
        clocks.work_out(ticket, at=now)
    assert made_up and made_up == [(t.solve_due_at, t.due_at, t.sla_stamp) for t in running if t.priority == 2]
    assert Ticket.objects.filter(outcome="executed", solve_minutes=None).count() == 0
    assert not Ticket.objects.filter(status__in=("pending", "on_hold", "solved", "closed"), due_at__isnull=False).exists()
